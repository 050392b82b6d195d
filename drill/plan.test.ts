import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashPlan, type PlanOptions, planDrill, trickleWish } from './plan.ts'

const SHORT: PlanOptions = { kills: 20, payments: 2_000, seed: 1 }

const anyOptions = fc.record({
  kills: fc.integer({ min: 0, max: 60 }),
  payments: fc.integer({ min: 1, max: 3_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

test('the same options make the same plan, and another seed another', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const again = planDrill({ ...options })
      assert.deepEqual(again, planDrill(options))
      assert.equal(hashPlan(again), hashPlan(planDrill(options)))
      const other = planDrill({ ...options, seed: (options.seed + 1) % 2 ** 32 })
      assert.notEqual(hashPlan(other), hashPlan(again))
    }),
    { numRuns: 40 },
  )
})

test('the plan of the short drill is the one that its reports name', () => {
  // Whoever changes the plan changes what earlier reports stand for: this hash then has to change with it.
  assert.equal(hashPlan(planDrill(SHORT)), '2f09425c1479d15e')
})

test('every kill and payment asked for is planned, within the time of the chaos', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const plan = planDrill(options)
      assert.equal(plan.gatewayKills.length, options.kills)
      assert.equal(plan.wishes.length, options.payments)
      assert.ok(plan.wishes.every(({ atMs }) => atMs >= 0 && atMs <= plan.chaosMs + 100))
      for (const { atMs, forMs } of [...plan.network, ...plan.receiver]) {
        assert.ok(atMs >= 0 && forMs > 0 && atMs < plan.chaosMs)
      }
    }),
    { numRuns: 60 },
  )
})

test('no two payments share a phone, a reference or a key, those of the trickle included', () => {
  const { wishes } = planDrill(SHORT)
  const all = [...wishes, ...Array.from({ length: 500 }, (_, index) => trickleWish(1, 2_001 + index))]
  for (const name of ['phone', 'reference', 'idempotencyKey'] as const) {
    assert.equal(new Set(all.map((wish) => wish[name])).size, all.length, name)
  }
  assert.ok(all.every(({ phone }) => /^2547\d{8}$/.test(phone) && !phone.startsWith('2547000')))
})

test('around each kill payments are asked for of the very gateway that dies', () => {
  const { gatewayKills, wishes } = planDrill(SHORT)
  for (const { atMs, gateway } of gatewayKills) {
    const near = wishes.filter((wish) => wish.gateway === gateway && Math.abs(wish.atMs - atMs) <= 500)
    assert.ok(near.length >= 12, `${near.length} payments around the kill at ${atMs} ms`)
  }
})

test('the short drill kills the database, the network and the receiver as well, in every way', () => {
  const modes = new Set<string>()
  for (const seed of [1, 2, 3, 4, 5]) {
    const plan = planDrill({ ...SHORT, seed })
    assert.ok(plan.databaseKills.length >= 2)
    assert.ok(plan.receiver.length >= 2)
    for (const { mode } of plan.network) modes.add(`network ${mode}`)
    for (const { mode } of plan.receiver) modes.add(`receiver ${mode}`)
  }
  assert.equal(modes.size, 6, [...modes].join(', '))
})
