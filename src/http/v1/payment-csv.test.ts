import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLocalClock } from '../../local-time.ts'
import type { SearchPage } from '../../payments/payment-search-store.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { CSV_COLUMNS, csvCell, csvPages, csvRow } from './payment-csv.ts'

/** The one cell of a line, as RFC 4180 has it. */
function readCell(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
}

test('a cell reads back as its text, and is never a formula', () => {
  const texts = fc.oneof(
    fc.string(),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' =', '\n+'), fc.string())
      .map((all) => all.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const cell = csvCell(text)
      const read = readCell(cell)
      assert.ok(read === text || read === `'${text}`)
      assert.ok(!/^\s*[=+\-@]/.test(read) && !/^[\t\r\n]/.test(read), JSON.stringify(read))
      const isQuoted = cell.startsWith('"')
      assert.ok(isQuoted || !/[",\r\n]/.test(cell))
    }),
    { numRuns: 500 },
  )
})

test('a row has a cell for each column, and local times', () => {
  const payment = samplePayment({ created_at: '2026-03-21T22:30:05.000Z' })
  const row = csvRow(payment, createLocalClock('Africa/Nairobi'))
  assert.equal(row.trimEnd().split(',').length, CSV_COLUMNS.length)
  assert.equal(row.split(',')[1], '2026-03-22 01:30:05')
})

test('a page is read when the last one was taken, and a failure ends the file with an error', async () => {
  const payment = samplePayment({})
  let reads = 0
  const read = async (): Promise<SearchPage> => {
    reads += 1
    if (reads === 3) throw new Error('the database is away')
    const next = { stage: 'listed' as const, before: payment.id }
    return { payments: [payment], next, searchedUntil: null }
  }
  const pages = csvPages({ read, row: () => 'row\r\n', check: async () => undefined })
  await pages.next()
  assert.equal(reads, 0)
  await pages.next()
  assert.equal(reads, 1)
  await pages.next()
  await assert.rejects(pages.next(), /the database is away/)
})
