// What the simulation has found, as stories of their own: a seed tells another one once the code has changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as microtasksDone } from 'node:timers/promises'
import { manualClock } from '../../src/clock.ts'
import type { PushOutcome } from '../../src/daraja/client.ts'
import { DatabaseUnavailableError } from '../../src/db/database.ts'
import { createUntilAvailable } from '../../src/db/until-available.ts'
import { createUuidSource } from '../../src/ids.ts'
import { silentLogger } from '../../src/log.ts'
import type { Payment } from '../../src/payments/payment.ts'
import { createPaymentService } from '../../src/payments/payment-service.ts'
import { createQueryBudget } from '../../src/payments/query-budget.ts'
import { createMemoryQueryBudgetStore } from '../../src/payments/testing/memory-query-budget-store.ts'
import { createWaiters } from '../../src/payments/waiters.ts'
import { phoneOf } from './customer.ts'
import { CREDENTIAL, NO_OBSERVER } from './gateway-process.ts'
import { createMemoryPaymentStore } from './memory-payment-store.ts'

const BUSY: PushOutcome = {
  ...{ kind: 'not_processed', reason: 'busy', detail: 'System is busy', retryAfterMs: null, durationMs: 0 },
}
const ACCEPTED: PushOutcome = {
  kind: 'accepted',
  merchantRequestId: 'm-1',
  checkoutRequestId: 'ws_CO_1',
  responseCode: '0',
  responseDescription: '',
  customerMessage: '',
  durationMs: 0,
}

/** A gateway over tables in memory; the test answers its pushes, and lets its pauses end. */
function createGateway() {
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const store = createMemoryPaymentStore()
  const pauses: (() => void)[] = []
  const pushes: ((outcome: PushOutcome) => void)[] = []
  const pause = () => new Promise<void>((resolve) => pauses.push(resolve))
  const never = () => Promise.reject(new Error('not in this story'))
  const push = () => new Promise<PushOutcome>((resolve) => pushes.push(resolve))
  const start = (overrides: Partial<typeof store>) =>
    createPaymentService({
      ...{ clock, newUuid, pause, log: silentLogger, process: newUuid(), deliver: null, random: () => 0 },
      ...{ db: { query: never }, daraja: { push, query: never }, observe: NO_OBSERVER },
      store: { ...store, ...overrides },
      budget: createQueryBudget({ clock, store: createMemoryQueryBudgetStore() }),
      shortcodes: {
        find: async (_merchantId, { live }) => ({ id: newUuid(), environment: 'simulator', live }),
        credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }),
      },
      callbackUrl: () => 'https://gateway.example/',
      waiters: createWaiters({ readPayments: async () => [], onError: () => undefined }),
      untilAvailable: createUntilAvailable({ nowMs: () => 0, pause }),
    })
  return { clock, newUuid, store, pauses, pushes, start }
}

type Gateway = ReturnType<typeof createGateway>

/** A payment whose first push was turned away: its way back is committed, and the answer to that is lost. */
async function loseTheAnswerOfItsRequeue(gateway: Gateway, expiresInMs: number) {
  const { store } = gateway
  let requeues = 0
  const service = gateway.start({
    async requeue(row) {
      requeues += 1
      const done = await store.requeue(row)
      if (requeues === 1) throw new DatabaseUnavailableError('its answer is lost')
      return done
    },
  })
  const request = {
    ...{ merchantId: gateway.newUuid(), live: false, shortcodeId: null, shortcodeNumber: null },
    ...{
      amountKes: 100,
      phone: phoneOf(1),
      reference: 'INV-1',
      description: null,
      tag: null,
      metadata: null,
    },
    ...{ expiresInMs, idempotencyKey: null },
  }
  const created = await service.create(request, 'soon')
  assert.equal(created.code, 'created')
  await microtasksDone()
  gateway.pushes[0]?.(BUSY)
  await microtasksDone()
  assert.deepEqual([stateOf(gateway), gateway.pauses.length], ['queued', 1])
  return service
}

function stateOf({ store }: Gateway): Payment['state'] | undefined {
  return [...store.rows()][0]?.payment.state
}

for (const { name, expiresInMs, passMs } of [
  { name: 'back into the queue', expiresInMs: 60_000, passMs: 0 },
  { name: 'as expired', expiresInMs: 15_000, passMs: 10_000 },
]) {
  test(`a push said again to have shown no prompt does not put the next one ${name}`, async () => {
    const gateway = createGateway()
    const service = await loseTheAnswerOfItsRequeue(gateway, expiresInMs)
    gateway.clock.advance(10_000)
    await service.sweepQueued()
    await microtasksDone()
    assert.deepEqual(
      [stateOf(gateway), gateway.pushes.length],
      ['sending', 2],
      'the same process pushes again',
    )
    gateway.clock.advance(passMs)
    gateway.pauses[0]?.()
    await microtasksDone()
    assert.equal(stateOf(gateway), 'sending', 'its second push is under way')
    gateway.pushes[1]?.(ACCEPTED)
    await microtasksDone()
    assert.equal(stateOf(gateway), 'pending')
    gateway.clock.advance(20_000)
    await service.sweepQueued()
    await microtasksDone()
    assert.equal(gateway.pushes.length, 2, 'one prompt')
  })
}
