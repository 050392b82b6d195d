// Order under everything at once: several processes, failures, slow answers, crashes, endpoints off and on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Uuid } from '../ids.ts'
import { updateEndpoint } from './endpoints.ts'
import { createReceiver, type ReceivedRequest } from './testing/receiver.ts'
import { createWebhookBench, idle, newId, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const PAYMENTS = 3
const WORKERS = 3

type Step =
  | { kind: 'event'; payment: number; by: 'sweep' | 'memory' | 'crash'; worker: number }
  | { kind: 'sweep'; worker: number }
  | { kind: 'advance'; ms: number }
  | { kind: 'answer'; with: 'ok' | 'failure' | 'late' }
  | { kind: 'offAndOn' }

const worker = fc.nat(WORKERS - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      payment: fc.nat(PAYMENTS - 1),
      by: fc.constantFrom('sweep', 'memory', 'crash'),
      worker,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('sweep' as const), worker }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 70_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      with: fc.constantFrom('ok', 'failure', 'late'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offAndOn' as const) }) },
)

/** A receiver that notices an event older than one it has acknowledged. */
async function createWatchfulReceiver() {
  const acknowledged = new Map<string, number>()
  const overtaken: string[] = []
  let mode: 'ok' | 'failure' | 'late' = 'ok'
  const late: (() => void)[] = []
  const read = (request: ReceivedRequest) => {
    const { data, sequence } = JSON.parse(request.body) as { data: { id: string }; sequence: number }
    return { payment: data.id, sequence }
  }
  const receiver = await createReceiver((reply, request) => {
    const { payment, sequence } = read(request)
    const newest = acknowledged.get(payment) ?? 0
    if (sequence < newest) overtaken.push(`${payment}: ${sequence} after ${newest}`)
    const accept = () => {
      acknowledged.set(payment, Math.max(acknowledged.get(payment) ?? 0, sequence))
      reply.writeHead(200).end()
    }
    if (mode === 'ok') accept()
    else if (mode === 'late') late.push(accept)
    else reply.writeHead(500).end()
  })
  const answerLate = () => {
    for (const accept of late.splice(0)) accept()
  }
  const setMode = (next: typeof mode) => {
    mode = next
  }
  return { receiver, overtaken, answerLate, setMode }
}

async function play(bench: WebhookBench, steps: Step[]): Promise<string[]> {
  const { receiver, overtaken, answerLate, setMode } = await createWatchfulReceiver()
  await using _receiver = receiver
  const endpoint = await bench.addEndpoint(receiver.url)
  const workers = Array.from({ length: WORKERS }, () => bench.addWorker())
  const payments: { id: Uuid; events: number }[] = Array.from({ length: PAYMENTS }, () => ({
    id: newId(),
    events: 0,
  }))
  const settle = async () => {
    while (workers.some((each) => each.inFlight() > 0)) {
      answerLate()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  for (const each of steps) {
    const own = 'worker' in each ? workers[each.worker] : workers[0]
    assert.ok(own)
    if (each.kind === 'event') {
      const payment = payments[each.payment] ?? assert.fail()
      payment.events += 1
      const leasedBy = { sweep: undefined, memory: own.process, crash: newId() }[each.by]
      const options = { payment: { id: payment.id }, sequence: payment.events }
      const made = await bench.addEvent([endpoint.id], { ...options, ...(leasedBy && { leasedBy }) })
      if (each.by === 'memory') own.deliverNow(made.event, made.deliveries)
    } else if (each.kind === 'sweep') await own.sweep()
    else if (each.kind === 'answer') setMode(each.with)
    else if (each.kind === 'advance') {
      // An attempt lasts 15 s at the most: no lease of 60 s ends under one.
      if (each.ms > 5_000) await settle()
      bench.clock.advance(each.ms)
    } else {
      for (const enabled of [false, true]) {
        await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled })
      }
    }
  }
  await settle()
  setMode('ok')
  const isOpen = async () => (await bench.deliveries()).some(({ state }) => state === 'pending')
  for (let round = 0; (await isOpen()) && round < 400; round++) {
    bench.clock.advance(61_000)
    for (const each of workers) await sweepAndWait(each)
  }
  assert.equal(await isOpen(), false, 'something was never delivered')
  await Promise.all(workers.map(idle))
  return overtaken
}

test('no event comes after a newer one of its payment was acknowledged, whatever happens', async () => {
  await using db = await createTestDatabase()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using bench = await createWebhookBench(db.pool)
      assert.deepEqual(await play(bench, steps), [])
    }),
    { numRuns: 25 },
  )
})
