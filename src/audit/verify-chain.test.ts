import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Uuid } from '../ids.ts'
import { readChain } from './audit-store.ts'
import { encodeEntry, FIRST_PREVIOUS_HASH, hashEntry } from './entry-encoding.ts'
import { type AuditBench, createAuditBench, sampleEntry } from './testing/audit-bench.ts'
import { type ChainVerdict, verifyChain } from './verify-chain.ts'

const COUNT = 25
/** So that a walk takes several pages. */
const PAGE_ROWS = 7

let bench: AuditBench
let merchantId: Uuid
before(async () => {
  bench = await createAuditBench()
})
after(() => bench[Symbol.asyncDispose]())
beforeEach(async () => {
  merchantId = await bench.addMerchant()
  for (let made = 0; made < COUNT; made += 1) await bench.audit.record(sampleEntry(merchantId))
})

function verify(expected?: { sequence: bigint; hash: Buffer }): Promise<ChainVerdict> {
  const options = { pageRows: PAGE_ROWS, ...(expected === undefined ? {} : { expected }) }
  return verifyChain({ db: bench.db.pool }, merchantId, options)
}

async function anchor() {
  const verdict = await verify()
  assert.ok(verdict.code === 'intact' && verdict.head !== null)
  return verdict.head
}

async function assertBroken(fault: string, sequence: bigint): Promise<void> {
  const verdict = await verify()
  assert.partialDeepStrictEqual(verdict, { code: 'broken', fault, sequence })
}

describe('a chain as it was written', () => {
  it('is intact, and tells its last number and hash', async () => {
    const verdict = await verify()
    assert.ok(verdict.code === 'intact')
    assert.equal(verdict.entries, 25n)
    assert.equal(verdict.head?.sequence, 25n)
    assert.equal(verdict.head?.hash.length, 32)
  })

  it('is intact when nothing was ever recorded', async () => {
    merchantId = await bench.addMerchant()
    assert.deepEqual(await verify(), { code: 'intact', entries: 0n, head: null })
  })

  it('is intact while entries are added to it', async () => {
    const adding = Promise.all(Array.from({ length: 40 }, () => bench.audit.record(sampleEntry(merchantId))))
    for (let walks = 0; walks < 10; walks += 1) assert.equal((await verify()).code, 'intact')
    await adding
    assert.partialDeepStrictEqual(await verify(), { code: 'intact', entries: 65n })
  })
})

describe('a chain that somebody altered', () => {
  const columns: [column: string, value: string][] = [
    ['id', 'gen_random_uuid()'],
    ['at', `at + interval '1 microsecond'`],
    ['live', 'true'],
    ['live', 'null'],
    ['action', `'api_key.revoked'`],
    ['actor_kind', `'cli'`],
    ['actor_id', `'u2'`],
    ['actor_name', 'null'],
    ['actor_role', `'support'`],
    ['target_id', `'we_2'`],
    ['target_name', `''`],
    ['changes', `changes || ' '`],
    ['detail', `'{"a":1}'`],
    ['ip', 'null'],
    ['user_agent', `user_agent || '!'`],
    ['hash', 'sha256(hash)'],
  ]
  for (const [column, value] of columns) {
    it(`names the entry whose ${column} is ${value}`, async () => {
      await bench.tamper(
        `update audit_entries set ${column} = ${value} where merchant_id = $1 and sequence = 12`,
        [merchantId],
      )
      await assertBroken('altered', 12n)
    })
  }
})

describe('a chain that somebody took from', () => {
  it('names the first entry that is missing', async () => {
    await bench.tamper('delete from audit_entries where merchant_id = $1 and sequence in (8, 9, 20)', [
      merchantId,
    ])
    await assertBroken('missing', 8n)
  })

  it('names the one after which the end was cut off, the first and all of them', async () => {
    await bench.tamper('delete from audit_entries where merchant_id = $1 and sequence > 20', [merchantId])
    await assertBroken('tail_missing', 21n)
    await bench.tamper('delete from audit_entries where merchant_id = $1', [merchantId])
    await assertBroken('tail_missing', 1n)
  })

  it('sees that two entries changed places, and that one moved out of the way', async () => {
    await bench.tamper(
      `update audit_entries set sequence = case sequence when 5 then -6 else -5 end
       where merchant_id = $1 and sequence in (5, 6)`,
      [merchantId],
    )
    await assertBroken('altered', -6n)
    await bench.tamper(
      'update audit_entries set sequence = -sequence where merchant_id = $1 and sequence < 0',
      [merchantId],
    )
    await assertBroken('altered', 5n)
  })

  it('sees an entry behind the last one that was recorded', async () => {
    await bench.tamper(
      `insert into audit_entries (merchant_id, sequence, id, at, action, actor_kind, changes, detail, hash)
       select merchant_id, 26, gen_random_uuid(), at, action, actor_kind, changes, detail, hash
       from audit_entries where merchant_id = $1 and sequence = 25`,
      [merchantId],
    )
    await assertBroken('beyond_head', 26n)
  })

  it('sees that the end of the chain was taken away or put elsewhere', async () => {
    await bench.tamper(`update audit_heads set hash = sha256('x') where merchant_id = $1`, [merchantId])
    await assertBroken('head_differs', 25n)
    await bench.tamper('update audit_heads set sequence = 24 where merchant_id = $1', [merchantId])
    await assertBroken('head_differs', 24n)
    await bench.tamper('delete from audit_heads where merchant_id = $1', [merchantId])
    await assertBroken('beyond_head', 1n)
  })

  it('names the last one, gone, of an end that was set back by pages', async () => {
    await bench.tamper('update audit_heads set sequence = 10 where merchant_id = $1', [merchantId])
    await bench.tamper('delete from audit_entries where merchant_id = $1 and sequence = 10', [merchantId])
    await assertBroken('tail_missing', 10n)
  })

  it('does not see a merchant’s chain by another’s', async () => {
    const other = await bench.addMerchant()
    await bench.tamper('delete from audit_entries where merchant_id = $1', [merchantId])
    assert.equal((await verifyChain({ db: bench.db.pool }, other)).code, 'intact')
  })
})

describe('an anchor that was kept elsewhere', () => {
  it('is met by the chain it was taken of, also when that has grown', async () => {
    const kept = await anchor()
    await bench.audit.record(sampleEntry(merchantId))
    assert.equal((await verify(kept)).code, 'intact')
  })

  it('finds an end that was cut off together with the row that tells the end', async () => {
    const kept = await anchor()
    await bench.tamper('delete from audit_entries where merchant_id = $1 and sequence > 20', [merchantId])
    await bench.tamper(
      `update audit_heads h set sequence = 20, hash = e.hash from audit_entries e
       where h.merchant_id = $1 and e.merchant_id = $1 and e.sequence = 20`,
      [merchantId],
    )
    assert.equal((await verify()).code, 'intact', 'by itself it looks whole')
    assert.partialDeepStrictEqual(await verify(kept), {
      code: 'broken',
      fault: 'tail_missing',
      sequence: 21n,
    })
  })

  it('finds a chain whose hashes were all computed anew', async () => {
    const kept = await anchor()
    await bench.tamper(
      `update audit_entries set actor_name = 'somebody@else.example'
       where merchant_id = $1 and sequence = 3`,
      [merchantId],
    )
    await rehash()
    assert.equal((await verify()).code, 'intact', 'by itself it looks whole')
    const verdict = await verify(kept)
    assert.partialDeepStrictEqual(verdict, { code: 'broken', fault: 'not_as_expected', sequence: 25n })
  })

  /** What somebody with this program and the database can do. */
  async function rehash(): Promise<void> {
    const entries = await readChain({ db: bench.db.pool }, merchantId, 0n, 1_000)
    let previous: Buffer = FIRST_PREVIOUS_HASH
    for (const entry of entries) {
      previous = hashEntry(previous, entry.sequence, encodeEntry(entry))
      await bench.tamper('update audit_entries set hash = $3 where merchant_id = $1 and sequence = $2', [
        ...[merchantId, entry.sequence, previous],
      ])
    }
    await bench.tamper('update audit_heads set hash = $2 where merchant_id = $1', [merchantId, previous])
  }
})
