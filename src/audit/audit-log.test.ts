import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { manualClock } from '../clock.ts'
import { type Database, DatabaseUnavailableError } from '../db/database.ts'
import { createLogger } from '../log.ts'
import { readChain, readHead } from './audit-store.ts'
import { type AuditBench, createAuditBench, sampleEntry } from './testing/audit-bench.ts'
import { verifyChain } from './verify-chain.ts'

const clock = manualClock(Date.parse('2026-03-21T11:30:55.123Z'))
let bench: AuditBench
before(async () => {
  bench = await createAuditBench({ clock })
})
after(() => bench[Symbol.asyncDispose]())

function chainOf(merchantId: AuditBench['merchantId']) {
  return readChain({ db: bench.db.pool }, merchantId, 0n, 1_000)
}

describe('an entry', () => {
  it('stands with all that was recorded, numbered from 1 in each merchant’s own chain', async () => {
    const [one, other] = [await bench.addMerchant(), await bench.addMerchant()]
    assert.equal(await bench.audit.record(sampleEntry(one)), true)
    assert.equal(await bench.audit.record(sampleEntry(other)), true)
    assert.equal(await bench.audit.record(sampleEntry(one, { actor: { kind: 'cli' }, target: null })), true)
    const entries = await chainOf(one)
    assert.deepEqual(
      entries.map(({ sequence }) => sequence),
      [1n, 2n],
    )
    const [first, second] = entries
    assert.partialDeepStrictEqual(first, {
      at: '2026-03-21T11:30:55.123000Z',
      live: false,
      action: 'webhook_endpoint.updated',
      actorKind: 'user',
      actorId: 'u1',
      actorName: 'amina@shop.example',
      actorRole: 'owner',
      targetId: 'we_1',
      changes: '{"status":{"from":"enabled","to":"disabled"}}',
      detail: '{}',
      ip: '196.201.214.10',
      userAgent: 'Firefox',
    })
    assert.partialDeepStrictEqual(second, { actorKind: 'cli', actorId: null, targetId: null })
    assert.equal((await verifyChain({ db: bench.db.pool }, one)).code, 'intact')
  })

  it('shows no phone number whole, no control character and no endless text', async () => {
    const merchantId = await bench.addMerchant()
    await bench.audit.record(
      sampleEntry(merchantId, {
        target: { id: 'pay_1', name: 'for 0712345678' },
        changes: { note: { from: '+254712345678', to: ['call 254112345678.'] } },
        detail: {
          long: 'x'.repeat(5_000),
          text: 'a\u0000b\r\nc\u2028',
          half: '\ud800',
          receipt: 'SJ712345678X',
        },
        userAgent: 'y'.repeat(5_000),
      }),
    )
    const [entry] = await chainOf(merchantId)
    assert.ok(entry !== undefined)
    assert.doesNotMatch(
      JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? '' : value)),
      /12345678\b/,
    )
    assert.match(entry.changes, /2541\*+678/)
    const detail: Record<string, string> = JSON.parse(entry.detail)
    assert.equal(detail.text, 'a b  c ')
    assert.equal(detail.half, '\ufffd')
    assert.equal(detail.receipt, 'SJ712345678X')
    assert.equal(detail.long?.length, 300)
    assert.equal(entry.userAgent?.length, 256)
  })
})

describe('the entries of a merchant', () => {
  it('have each a place of their own though many are recorded at once by several processes', async () => {
    const merchantId = await bench.addMerchant()
    const logs = [bench.audit, bench.anotherLog(), bench.anotherLog()]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => logs[index % 3]?.record(sampleEntry(merchantId))),
    )
    const verdict = await verifyChain({ db: bench.db.pool }, merchantId)
    assert.partialDeepStrictEqual(verdict, { code: 'intact', entries: 60n })
  })

  it('can be neither changed nor taken away, nor can the end of their chain go back', async () => {
    const merchantId = await bench.addMerchant()
    await bench.audit.record(sampleEntry(merchantId))
    await bench.audit.record(sampleEntry(merchantId))
    for (const statement of [
      `update audit_entries set action = 'x' where merchant_id = $1`,
      'delete from audit_entries where merchant_id = $1',
      'update audit_heads set sequence = 1 where merchant_id = $1',
      'delete from audit_heads where merchant_id = $1',
    ]) {
      await assert.rejects(bench.db.pool.query(statement, [merchantId]), /only ever added to/, statement)
    }
    for (const table of ['audit_entries', 'audit_heads']) {
      await assert.rejects(bench.db.pool.query(`truncate ${table}`), /only ever added to/)
    }
    assert.equal((await chainOf(merchantId)).length, 2)
  })
})

/** The bench's database, with answers that a test may take away. */
function unsteadyDatabase() {
  const fate: { before: Error | null; after: Error | null } = { before: null, after: null }
  const db: Database = {
    async query(statement, values) {
      if (fate.before !== null) throw fate.before
      const done = await (typeof statement === 'string'
        ? bench.db.pool.query(statement, values)
        : bench.db.pool.query(statement))
      if (fate.after !== null) throw fate.after
      return done as never
    },
  }
  return { db, fate }
}

function loggedLines() {
  const lines: string[] = []
  return { lines, log: createLogger('info', { write: (line: string) => void lines.push(line) }) }
}

describe('what is recorded later', () => {
  it('is waited for by nobody but the end of the process, and then stands in the chain', async () => {
    const merchantId = await bench.addMerchant()
    const known = Promise.withResolvers<void>()
    bench.audit.later(async () => {
      await known.promise
      await bench.audit.record(sampleEntry(merchantId))
    })
    assert.deepEqual(await chainOf(merchantId), [])
    const idle = bench.audit.idle()
    known.resolve()
    await idle
    assert.equal((await chainOf(merchantId)).length, 1)
  })

  it('is told of in the log when it cannot be known', async () => {
    const lines: string[] = []
    const log = createLogger('info', { write: (line) => void lines.push(line) })
    const audit = bench.anotherLog({ log })
    audit.later(() => Promise.reject(new Error('away')))
    await audit.idle()
    assert.match(lines.join(''), /away.*what was to be recorded is not known/)
  })
})

describe('an entry that cannot be written', () => {
  it('is logged whole, does not stop what was done, and is written when the database is back', async () => {
    const merchantId = await bench.addMerchant()
    const { db, fate } = unsteadyDatabase()
    const { lines, log } = loggedLines()
    const audit = bench.anotherLog({ db, log })
    fate.before = new DatabaseUnavailableError('away')
    assert.equal(await audit.record(sampleEntry(merchantId)), false)
    assert.equal(await audit.sweep(), 0)
    assert.equal(audit.waiting(), 1)
    assert.equal(lines.length, 1, 'told once')
    assert.match(lines.join(''), /could not be written.*/)
    assert.match(lines.join(''), /amina@shop\.example/)
    clock.advance(60_000)
    fate.before = null
    assert.equal(await audit.sweep(), 1)
    assert.equal(audit.waiting(), 0)
    const [entry] = await chainOf(merchantId)
    assert.ok(entry !== undefined && Date.parse(entry.at) <= clock.now() - 60_000, 'of when it was done')
  })

  it('stands once, though the answer to its first writing was lost', async () => {
    const merchantId = await bench.addMerchant()
    const { db, fate } = unsteadyDatabase()
    const audit = bench.anotherLog({ db })
    fate.after = new DatabaseUnavailableError('cut')
    assert.equal(await audit.record(sampleEntry(merchantId)), false)
    fate.after = null
    await audit.sweep()
    assert.equal(audit.waiting(), 0)
    assert.equal((await chainOf(merchantId)).length, 1)
    assert.equal((await readHead({ db: bench.db.pool }, merchantId))?.sequence, 1n)
  })

  it('by a fault of ours is logged, and not tried for ever', async () => {
    const { db, fate } = unsteadyDatabase()
    const { lines, log } = loggedLines()
    const audit = bench.anotherLog({ db, log })
    fate.before = new Error('no such column')
    assert.equal(await audit.record(sampleEntry(bench.merchantId)), false)
    assert.equal(audit.waiting(), 0)
    assert.match(lines.join(''), /no such column/)
  })

  it('waits among a thousand at the most; the others are in the log', async () => {
    const { db, fate } = unsteadyDatabase()
    const { lines, log } = loggedLines()
    const audit = bench.anotherLog({ db, log })
    fate.before = new DatabaseUnavailableError('away')
    for (let made = 0; made < 1_010; made += 1) await audit.record(sampleEntry(bench.merchantId))
    assert.equal(audit.waiting(), 1_000)
    assert.equal(lines.length, 1_010)
    assert.equal(lines.filter((line) => line.includes('"willBeTried":false')).length, 10)
  })
})
