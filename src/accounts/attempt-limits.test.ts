import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { type AttemptKind, createAttemptLimits } from './attempt-limits.ts'

const MINUTE_MS = 60_000
const EMAIL = 'amina@shop.example'

let database: TestDatabase
let clock: ReturnType<typeof manualClock>
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 1))
  await database.pool.query('delete from attempt_limits')
})

/** Each stands for a process of its own. */
const limits = () => createAttemptLimits({ db: database.pool, clock, sourceOf: (ip) => ip })

async function tries(count: number, of: { kind?: AttemptKind; ip?: string; account?: string | null } = {}) {
  const attempt = { kind: 'sign_in', ip: '192.0.2.1', account: EMAIL, ...of } as const
  const admissions = await Promise.all(Array.from({ length: count }, () => limits()(attempt)))
  return admissions.filter(({ ok }) => ok).length
}

describe('attempts on an account', () => {
  it('are ten at once for all processes together, however many come at the same time', async () => {
    assert.equal(await tries(25), 10)
  })

  it('are earned again, one a minute', async () => {
    await tries(10)
    clock.advance(MINUTE_MS - 1)
    assert.equal(await tries(3), 0)
    clock.advance(1)
    assert.equal(await tries(3), 1)
    clock.advance(60 * MINUTE_MS)
    assert.equal(await tries(25), 10)
  })

  it('say how long to wait', async () => {
    await tries(10)
    clock.advance(20_000)
    const over = await limits()({ kind: 'sign_in', ip: '192.0.2.1', account: EMAIL })
    assert.deepEqual(over, { ok: false, waitMs: 40_000 })
  })

  it('are given back to who was right', async () => {
    for (let round = 0; round < 15; round += 1) {
      const admission = await limits()({ kind: 'sign_in', ip: '192.0.2.1', account: EMAIL })
      assert.ok(admission.ok)
      await admission.giveBack()
    }
  })

  it('do not count for another account, and an upper-case address is no other', async () => {
    await tries(10)
    assert.equal(await tries(1, { account: 'Amina@Shop.example' }), 0)
    assert.equal(await tries(1, { account: 'juma@shop.example' }), 1)
  })
})

describe('attempts from an address', () => {
  it('are thirty at once, whatever the accounts', async () => {
    let allowed = 0
    for (let index = 0; index < 40; index += 1) {
      allowed += await tries(1, { account: `p${index}@shop.example` })
    }
    assert.equal(allowed, 30)
    assert.equal(await tries(1, { ip: '192.0.2.2', account: 'other@shop.example' }), 1)
  })

  it('are not used up on an account that has none left', async () => {
    await tries(40)
    assert.equal(await tries(20, { account: null }), 20)
  })
})
