// One access token for two gateways, which Daraja or somebody else ends at any time: no payment is lost by
// it, none prompts twice, and the two ask for one new token between them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { until } from '../support/gateway.ts'
import { type SharedDaraja, startSharedDaraja } from '../support/shared-daraja.ts'

async function generationOf(shared: SharedDaraja): Promise<number> {
  const found = await shared.gateways[0].db.pool.query<{ generation: string }>(
    'select generation from daraja_tokens',
  )
  assert.equal(found.rows.length, 1, 'one token for both')
  return Number(found.rows[0]?.generation)
}

/** Somebody else with the same keys asks for a token, which ends the gateways' one. */
async function takeTokenElsewhere(shared: SharedDaraja): Promise<void> {
  const basic = Buffer.from('simulator:simulator-secret').toString('base64')
  const url = `${shared.simulator.url}/oauth/v1/generate?grant_type=client_credentials`
  const taken = await fetch(url, { headers: { authorization: `Basic ${basic}` } })
  assert.equal(taken.status, 200)
}

async function payBoth(shared: SharedDaraja, phones: readonly string[]): Promise<void> {
  await Promise.all(phones.map((phone, n) => shared.pay(shared.gateways[n % 2 === 0 ? 0 : 1], { phone })))
}

async function paidOf(shared: SharedDaraja): Promise<number> {
  const found = await shared.gateways[0].db.pool.query<{ count: string }>(
    `select count(*) from payments where state = 'succeeded'`,
  )
  return Number(found.rows[0]?.count)
}

const phonesFrom = (first: number) =>
  Array.from({ length: 10 }, (_, n) => `0712${String(first + n).padStart(6, '0')}`)

test('a token that was ended elsewhere costs one renewal for both, and no payment', async () => {
  await using shared = await startSharedDaraja({ clock: systemClock })
  await payBoth(shared, phonesFrom(0))
  await until('the first payments', async () => (await paidOf(shared)) === 10)
  const before = await generationOf(shared)
  await takeTokenElsewhere(shared)
  await payBoth(shared, phonesFrom(10))
  await until('the others', async () => (await paidOf(shared)) === 20)
  assert.equal(await generationOf(shared), before + 1)
  const shown = shared.simulator.ledger().filter(({ promptShown }) => promptShown)
  assert.equal(shown.length, 20)
  assert.equal(new Set(shown.map(({ phone }) => phone)).size, 20, 'one prompt each')
})

test('tokens that end after a second stop nothing', async () => {
  const faults = { tokenLifetimeSeconds: 1 }
  await using shared = await startSharedDaraja({ clock: systemClock, faults })
  for (let round = 1; round <= 3; round += 1) {
    await payBoth(shared, phonesFrom(100 * round))
    const before = await generationOf(shared)
    await until('the payments', async () => (await paidOf(shared)) === 10 * round)
    await takeTokenElsewhere(shared)
    assert.ok((await generationOf(shared)) >= before)
  }
  const shown = shared.simulator.ledger().filter(({ promptShown }) => promptShown)
  assert.equal(shown.length, 30)
})
