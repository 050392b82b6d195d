import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { systemClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { createMerchant } from '../merchants/merchants.ts'
import { deleteMember, insertMember, listMembers, updateRole } from './member-store.ts'
import { claimFirst, insertUser } from './user-store.ts'

const newUuid = createUuidSource(systemClock)
const DEMO = newUuid()

let database: TestDatabase
let merchantId: Uuid
let owners: Uuid[]
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  for (const table of ['members', 'users', 'first_sign_up']) await database.pool.query(`delete from ${table}`)
  const made = await createMerchant({ db: database.pool, clock: systemClock, newUuid }, { name: 'Duka' })
  assert.equal(made.code, 'created')
  merchantId = made.merchant.id
  owners = [await newUser('amina'), await newUser('juma')]
})

async function newUser(name: string): Promise<Uuid> {
  const user = { id: newUuid(), email: `${name}@shop.example`, name, at: new Date() }
  await insertUser({ db: database.pool }, user)
  return user.id
}

describe('of two owners', () => {
  it('the one who goes while the other is being demoted stays', async () => {
    const [amina, juma] = owners
    assert.ok(amina !== undefined && juma !== undefined)
    for (const userId of [amina, juma]) {
      const member = { merchantId, userId, role: 'owner', at: new Date() } as const
      await insertMember({ db: database.pool }, member)
    }
    const first = await database.pool.connect()
    try {
      await first.query('begin')
      assert.equal(await updateRole({ db: first }, merchantId, amina, 'support'), true)
      const second = deleteMember({ db: database.pool }, merchantId, juma)
      // It waits for what becomes of the other; was it not to wait, it would be done long before.
      assert.equal(await Promise.race([second, untilBlocked()]), 'blocked')
      await first.query('commit')
      assert.equal(await second, false)
    } finally {
      first.release()
    }
    const members = await listMembers({ db: database.pool }, merchantId)
    const roles = new Map(members.map(({ userId, role }) => [userId, role]))
    assert.deepEqual([roles.get(amina), roles.get(juma)], ['support', 'owner'])
  })
})

async function untilBlocked(): Promise<'blocked'> {
  for (;;) {
    const { rows } = await database.pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return 'blocked'
  }
}

describe('the first to sign up', () => {
  it('is one of all who are at the same moment, as long as nobody works there', async () => {
    const claims = owners.map((userId) => claimFirst({ db: database.pool }, userId, DEMO, new Date()))
    assert.deepEqual((await Promise.all(claims)).sort(), [false, true])
  })

  it('stays the first when the process ends before anything is theirs, and no longer', async () => {
    const [amina, juma] = owners
    assert.ok(amina !== undefined && juma !== undefined)
    const claim = (userId: Uuid) => claimFirst({ db: database.pool }, userId, DEMO, new Date())
    assert.equal(await claim(amina), true)
    assert.deepEqual([await claim(juma), await claim(amina)], [false, true])
    await insertMember({ db: database.pool }, { merchantId, userId: amina, role: 'owner', at: new Date() })
    assert.deepEqual([await claim(juma), await claim(amina)], [false, false])
  })

  it('is nobody where somebody works already, but for the demo user', async () => {
    const [amina, juma] = owners
    assert.ok(amina !== undefined && juma !== undefined)
    await insertMember({ db: database.pool }, { merchantId, userId: juma, role: 'support', at: new Date() })
    assert.equal(await claimFirst({ db: database.pool }, amina, DEMO, new Date()), false)
    assert.equal(await claimFirst({ db: database.pool }, amina, juma, new Date()), true)
  })
})
