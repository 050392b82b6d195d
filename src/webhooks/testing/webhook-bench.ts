// A merchant, its endpoints and a delivery worker over a real database, for tests.
import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, manualClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { createUuidSource, parseUuid, type Uuid } from '../../ids.ts'
import { silentLogger } from '../../log.ts'
import { createReadCache } from '../../merchants/read-cache.ts'
import { createSealer } from '../../merchants/sealed.ts'
import { type PaymentEvent, readPayment } from '../../payments/payment.ts'
import { createAttempter } from '../attempt.ts'
import type { PaceDeps } from '../backlog-pace.ts'
import { DELIVERY_LEASE_MS, type Delivery } from '../delivery.ts'
import type { AttemptObservation, DeliveryDeps } from '../delivery-attempt.ts'
import { createRecordDelivery } from '../delivery-record-store.ts'
import { listDeliveries } from '../delivery-store.ts'
import { createDeliveryWorker, type DeliveryWorker } from '../delivery-worker.ts'
import { createEndpointDirectory } from '../endpoint-directory.ts'
import { createEndpoint, type EndpointDeps, type EndpointWish } from '../endpoints.ts'
import type { PrivateReach } from '../private-reach.ts'
import { samplePaymentRow } from './sample-payment.ts'
import { until } from './until.ts'

/** A new random id. */
export function newId(): Uuid {
  const id = parseUuid(randomUUID())
  if (id === null) throw new Error('not a UUID')
  return id
}

/** What a test may set of a worker. */
export type WorkerOptions = {
  db?: Database
  timeoutMs?: number
  privateReach?: PrivateReach
  pace?: PaceDeps
}

/** A worker as a process of its own: its own lease name, memory and connections. */
export type BenchWorker = DeliveryWorker & { process: Uuid; observations: AttemptObservation[] }

/** The bench. */
export type WebhookBench = Awaited<ReturnType<typeof createWebhookBench>>

/** A bench with one merchant; its clock starts now and moves only when told to. */
export async function createWebhookBench(db: Database) {
  const clock = manualClock(Date.now())
  const newUuid = createUuidSource(clock)
  const sealer = createSealer([randomBytes(32)])
  const owner = { merchantId: newUuid(), live: false }
  await db.query('insert into merchants (id, name, created_at) values ($1, $2, now())', [
    owner.merchantId,
    'Shop',
  ])
  const workers: DeliveryWorker[] = []
  const parts = { db, clock, newUuid, sealer }
  const endpointDeps: EndpointDeps = { ...parts, directory: { forget() {} }, privateReach: 'simulator' }
  return {
    ...parts,
    owner,
    endpointDeps,
    addWorker: (options: WorkerOptions = {}) => addWorker(parts, workers, options),
    addEndpoint: (url: string, wish: Partial<EndpointWish> = {}) =>
      addEndpoint(endpointDeps, owner, url, wish),
    addEvent: (endpointIds: Uuid[], options: EventOptions = {}) =>
      addEvent({ db, clock, newUuid }, owner.merchantId, endpointIds, options),
    deliveries: (): Promise<Delivery[]> =>
      listDeliveries({ db }, owner, {}, { limit: 2_000, before: null }).then((list) => list.reverse()),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
}

type Parts = {
  db: Database
  clock: Clock
  newUuid: () => Uuid
  sealer: ReturnType<typeof createSealer>
}

function addWorker(parts: Parts, workers: DeliveryWorker[], options: WorkerOptions): BenchWorker {
  const { clock } = parts
  const db = options.db ?? parts.db
  const observations: AttemptObservation[] = []
  const deps: DeliveryDeps = {
    clock,
    db,
    log: silentLogger,
    newUuid: parts.newUuid,
    random: () => 0.5,
    process: newId(),
    record: createRecordDelivery({ db }),
    directory: createEndpointDirectory({
      ...{ db, clock, log: silentLogger, sealer: parts.sealer },
      cache: createReadCache({ clock }),
    }),
    attempter: createAttempter({ clock }, { timeoutMs: options.timeoutMs ?? 10_000 }),
    privateReach: options.privateReach ?? 'simulator',
    onAttempt: (observation) => observations.push(observation),
  }
  const pace = options.pace === undefined ? {} : { pace: options.pace }
  const worker = createDeliveryWorker(deps, { closeGraceMs: 100, ...pace })
  workers.push(worker)
  return { ...worker, process: deps.process, observations }
}

async function addEndpoint(
  deps: EndpointDeps,
  owner: { merchantId: Uuid; live: boolean },
  url: string,
  wish: Partial<EndpointWish>,
): Promise<{ id: Uuid; secret: string }> {
  const made = await createEndpoint(deps, owner, {
    url,
    format: 'event',
    eventTypes: null,
    description: null,
    ...wish,
  })
  if (!made.ok) throw new Error(`no endpoint: ${JSON.stringify(made)}`)
  return { id: made.endpoint.id, secret: made.secret }
}

/** How an event of a payment comes about in a test. */
export type EventOptions = {
  type?: PaymentEvent['type']
  sequence?: number
  payment?: Record<string, unknown>
  callback?: string | null
  /** Leased by this process, as the settling statement does it for its own worker. */
  leasedBy?: Uuid
}

/** What the settling statement commits: an event and a delivery for each endpoint. */
async function addEvent(
  parts: Omit<Parts, 'sealer'>,
  merchantId: Uuid,
  endpointIds: Uuid[],
  options: EventOptions,
): Promise<{ event: PaymentEvent; deliveries: { id: Uuid; endpointId: Uuid }[] }> {
  const { db, clock, newUuid } = parts
  const at = new Date(clock.now())
  const row = samplePaymentRow({ merchant_id: merchantId, ...options.payment })
  const event: PaymentEvent = {
    merchantId,
    id: newUuid(),
    type: options.type ?? 'payment.succeeded',
    sequence: options.sequence ?? 1,
    payment: readPayment(row),
    callback: options.callback ?? null,
    createdAt: at,
  }
  await db.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[merchantId, event.id, event.payment.live, event.type, event.payment.id, event.sequence],
      ...[JSON.stringify(row), event.callback, at],
    ],
  )
  const deliveries = endpointIds.map((endpointId) => ({ id: newUuid(), endpointId }))
  const leaseUntil = options.leasedBy === undefined ? null : new Date(at.getTime() + DELIVERY_LEASE_MS)
  await db.query(
    `insert into webhook_deliveries (merchant_id, id, endpoint_id, event_id, payment_id, state, due_at,
       leased_by, leased_until, created_at)
     select $1, d.id, d.endpoint_id, $4, $5, 'pending', $6, $7, $8, $6
     from unnest($2::uuid[], $3::uuid[]) as d (id, endpoint_id)`,
    [
      ...[merchantId, deliveries.map((each) => each.id), endpointIds, event.id, event.payment.id, at],
      ...[options.leasedBy ?? null, leaseUntil],
    ],
  )
  return { event, deliveries }
}

/** Resolves when the worker has nothing under way. */
export function idle(worker: DeliveryWorker): Promise<void> {
  return until(() => worker.inFlight() === 0)
}

/** Sweeps and waits until what was taken is done; how many were taken. */
export async function sweepAndWait(worker: DeliveryWorker): Promise<number> {
  const taken = await worker.sweep()
  await idle(worker)
  return taken
}
