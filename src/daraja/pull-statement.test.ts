import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manualClock } from '../clock.ts'
import type { PullOutcome } from './client.ts'
import { pullFailed } from './pull-outcome.ts'
import { pullStatement } from './pull-statement.ts'
import type { StatementRow } from './statement.ts'
import { stubCredential } from './testing/stub-daraja.ts'

const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
const TIME = { fromMs: clock.now() - 3_600_000, toMs: clock.now() }

function row(index: number): StatementRow {
  const atMs = clock.now() - index * 1_000
  const at = { asUtcMs: atMs, asEatMs: atMs }
  return { receipt: `R${index + 100_000}`, at, phone: { kind: 'hidden' }, amountKes: 1, reference: null }
}

type Server = { counts: 'pages' | 'rows' | 'nothing'; pageSize: number; totalPages?: boolean; end?: 'none' }

/** A Daraja with these rows. */
function serve(rows: StatementRow[], server: Server) {
  return async ({ offset }: { offset: number }): Promise<PullOutcome> => {
    const skipped = { pages: offset * server.pageSize, rows: offset, nothing: 0 }[server.counts]
    const page = rows.slice(skipped, skipped + server.pageSize)
    if (page.length === 0 && server.end === 'none') return { kind: 'none', durationMs: 1 }
    const totalPages = server.totalPages === true ? Math.ceil(rows.length / server.pageSize) : null
    return { kind: 'page', rows: page, unreadable: 0, totalPages, durationMs: 1 }
  }
}

type Pull = ReturnType<typeof serve>

function pull(one: Pull) {
  return pullStatement({ clock, pull: (_credential, request) => one(request) }, stubCredential('x'), TIME)
}

test('every row is read, whether the offset counts rows or pages', async () => {
  const servers = fc.record({
    counts: fc.constantFrom<'pages' | 'rows'>('pages', 'rows'),
    pageSize: fc.integer({ min: 3, max: 40 }),
    totalPages: fc.boolean(),
    end: fc.constantFrom(undefined, 'none' as const),
  })
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 200 }), servers, async (count, server) => {
    const rows = Array.from({ length: count }, (_, index) => row(index))
    const { end, ...rest } = server
    const pulled = await pull(serve(rows, end === undefined ? rest : { ...rest, end }))
    assert.ok(pulled.kind === 'statement')
    assert.equal(pulled.statement.incomplete, null)
    assert.equal(pulled.statement.rows.length, count)
  })
  await fc.assert(property, { numRuns: 300 })
})

test('pages that lie otherwise than asked for make no complete statement', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => row(index))
  const unheeded = await pull(serve(rows, { counts: 'nothing', pageSize: 10 }))
  // A page that moved by some rows while it was read: neither rows nor pages were counted.
  const moved: Pull = async ({ offset }) =>
    serve(rows, { counts: 'rows', pageSize: 10 })({ offset: offset * 6 })
  const lost: Pull = async ({ offset }) =>
    offset === 2
      ? { kind: 'none', durationMs: 1 }
      : serve(rows, { counts: 'pages', pageSize: 10, totalPages: true })({ offset })
  for (const pulled of [unheeded, await pull(moved), await pull(lost)]) {
    assert.ok(pulled.kind === 'statement')
    assert.notEqual(pulled.statement.incomplete, null)
  }
})

test('no records are no complete statement: the same code says that nothing is to be had', async () => {
  for (const end of ['none', undefined] as const) {
    const pulled = await pull(serve([], { counts: 'pages', pageSize: 10, ...(end && { end }) }))
    assert.ok(pulled.kind === 'statement')
    assert.notEqual(pulled.statement.incomplete, null)
  }
})

test('a page that fails fails the statement, and a receipt of two transactions garbles it', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => row(index))
  const whole = serve(rows, { counts: 'pages', pageSize: 10 })
  const failing: Pull = async (request) =>
    request.offset === 2 ? { ...pullFailed('no_answer', 'reset'), durationMs: 1 } : whole(request)
  assert.equal((await pull(failing)).kind, 'failed')
  const forged: Pull = async (request) => {
    const page = await whole(request)
    if (page.kind !== 'page' || request.offset !== 1) return page
    return { ...page, rows: [...page.rows, { ...row(0), amountKes: 999 }] }
  }
  const garbled = await pull(forged)
  assert.ok(garbled.kind === 'failed')
  assert.equal(garbled.reason, 'garbled')
})

test('unreadable rows make a statement incomplete, and too many rows make none', async () => {
  const whole = serve([row(0)], { counts: 'pages', pageSize: 10 })
  const torn: Pull = async (request) => {
    const page = await whole(request)
    return page.kind === 'page' && request.offset === 0 ? { ...page, unreadable: 1 } : page
  }
  const pulled = await pull(torn)
  assert.ok(pulled.kind === 'statement')
  assert.notEqual(pulled.statement.incomplete, null)
  const many = Array.from({ length: 25_000 }, (_, index) => row(index))
  assert.equal((await pull(serve(many, { counts: 'pages', pageSize: 1_000 }))).kind, 'too_long')
})
