import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { CREDENTIAL, NO_OBSERVER } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { manualClock } from '../clock.ts'
import type { PushOutcome } from '../daraja/client.ts'
import { createUntilAvailable } from '../db/until-available.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { type Phone, parsePhone } from '../phone.ts'
import { createJustQueued } from './just-queued.ts'
import { createPaymentService } from './payment-service.ts'
import { createPaymentStore, type PaymentStore } from './payment-store.ts'
import type { LaneName } from './push-lane.ts'
import { createQueryBudget } from './query-budget.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'
import { createWaiters } from './waiters.ts'

/** The pushes that one merchant may have under way in one process, of `push-governor.ts`. */
const PLACES = 480

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.pool.query('delete from payments'))
after(() => database[Symbol.asyncDispose]())

/** A core over PostgreSQL whose clock stands still, so that no lease ends; the test answers its pushes. */
function createGateway() {
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const merchantId = newUuid()
  const shortcodeId = newUuid()
  const underWay: { phone: string; answer: (outcome: PushOutcome) => void }[] = []
  const pushed: string[] = []
  const never = () => Promise.reject(new Error('nothing is asked'))
  const service = createPaymentService({
    ...{ clock, newUuid, pause, log: silentLogger, process: newUuid(), deliver: null, random: () => 0 },
    ...{ db: database.pool, observe: NO_OBSERVER, store: createPaymentStore({ db: database.pool }) },
    daraja: {
      query: never,
      push(_credential, { phone }) {
        pushed.push(phone)
        return new Promise((answer) => underWay.push({ phone, answer }))
      },
    },
    budget: createQueryBudget({ clock, store: createMemoryQueryBudgetStore() }),
    shortcodes: {
      find: async (_merchantId, { live }) => ({ id: shortcodeId, environment: 'simulator', live }),
      credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }),
    },
    callbackUrl: () => 'https://gateway.example/',
    waiters: createWaiters({ readPayments: async () => [], onError: () => undefined }),
    untilAvailable: createUntilAvailable({ nowMs: () => performance.now(), pause }),
  })
  service.whenQueued(() => void service.sweepQueued())
  return {
    pushed,
    /** Daraja takes the pushes of so many payments, the oldest first. */
    answer(count: number): void {
      for (const { phone, answer } of underWay.splice(0, count)) {
        const ids = { merchantRequestId: `m-${phone}`, checkoutRequestId: `ws_CO_${phone}` }
        const words = { responseCode: '0', responseDescription: '', customerMessage: '' }
        answer({ kind: 'accepted', ...ids, ...words, durationMs: 0 })
      }
    },
    async pay(number: number): Promise<void> {
      const texts = { reference: 'INV-1', description: null, tag: null, metadata: null }
      const which = { merchantId, live: false, shortcodeId: null, shortcodeNumber: null }
      const phone = phoneOf(number)
      const request = { ...which, ...texts, amountKes: 10, phone, expiresInMs: 60_000, idempotencyKey: null }
      assert.equal((await service.create(request, 'soon')).code, 'created')
    },
  }
}

async function countQueued(): Promise<number> {
  const found = await database.pool.query(`select from payments where state = 'queued'`)
  return found.rows.length
}

function phoneOf(number: number): Phone {
  const phone = parsePhone(`2547${String(number).padStart(8, '0')}`)
  if (phone === null) throw new Error('not a phone')
  return phone
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

test('payments that find no room are sent when pushes end, each once, before their leases do', async () => {
  const gateway = createGateway()
  await Promise.all(numbers(PLACES + 9).map(gateway.pay))
  await until('all places to be taken', async () => gateway.pushed.length === PLACES)
  assert.equal(await countQueued(), 9)
  gateway.answer(4)
  await until('as many more to be sent', async () => gateway.pushed.length === PLACES + 4)
  assert.equal(await countQueued(), 5)
  gateway.answer(PLACES)
  await until('all to be sent', async () => gateway.pushed.length === PLACES + 9)
  gateway.answer(PLACES)
  assert.equal(new Set(gateway.pushed).size, PLACES + 9)
  assert.equal(await countQueued(), 0)
})

test('who waits for the customer’s phone keeps waiting when there is room', async () => {
  const gateway = createGateway()
  await gateway.pay(1)
  await until('the first push', async () => gateway.pushed.length === 1)
  gateway.answer(1)
  const isUp = async () =>
    (await database.pool.query(`select from payments where state = 'pending'`)).rows.length === 1
  await until('its prompt', isUp)
  await Promise.all(numbers(PLACES).map((number) => gateway.pay(1_000 + number)))
  await gateway.pay(1)
  await gateway.pay(2)
  assert.equal(await countQueued(), 2)
  gateway.answer(2)
  await until('the one that waits for room alone', async () => gateway.pushed.includes(phoneOf(2)))
  const { rows } = await database.pool.query(
    `select phone, leased_until - created_at = '6 seconds' as by_its_insert
     from payments where state = 'queued'`,
  )
  assert.deepEqual(rows, [{ phone: phoneOf(1), by_its_insert: true }])
})

/** What is released of payments that are only noted; nothing is stored. */
function createNotes() {
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const released: Uuid[] = []
  const releaseQueued: PaymentStore['releaseQueued'] = async ({ paymentId }) => {
    released.push(paymentId)
    return true
  }
  const gathered = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const notes = createJustQueued(
    { clock, process: newUuid(), pause: () => gathered.promise, store: { releaseQueued } },
    told.resolve,
  )
  const merchantId = newUuid()
  return {
    clock,
    released,
    roomCame: notes.roomCame,
    add(lane: LaneName): Uuid {
      const id = newUuid()
      notes.add(lane, { merchantId, id }, new Date(clock.now() + 2_000))
      return id
    },
    async serve(): Promise<void> {
      gathered.resolve()
      await told.promise
    },
  }
}

const laneNamed = (shortcode: string): LaneName => ({
  environment: 'simulator',
  shortcode,
  credentialId: 'c',
})

test('a push that ends makes room for its own shortcode first, and what is left for the oldest', async () => {
  const [busy, calm] = [laneNamed('174379'), laneNamed('600000')]
  const notes = createNotes()
  const [oldest] = [notes.add(busy), notes.add(busy)]
  const own = notes.add(calm)
  for (const lane of [calm, calm]) notes.roomCame(lane)
  await notes.serve()
  assert.deepEqual(notes.released, [own, oldest])
})

test('what its lease no longer holds back is left to the sweep', async () => {
  const lane = laneNamed('174379')
  const notes = createNotes()
  notes.add(lane)
  notes.clock.advance(2_000)
  const [second] = [notes.add(lane), notes.add(lane)]
  notes.roomCame(lane)
  await notes.serve()
  assert.deepEqual(notes.released, [second])
})
