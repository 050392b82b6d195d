// The process of those around the gateway but M-Pesa: shops that ask for payments, and the receiver of their
// webhooks. One process, so that one clock times both ends of a payment.
import { type ArrivalOrder, type Arrivals, startArrivals } from './arrivals.ts'
import { serveCalls } from './child-process.ts'
import { type LoopShape, post, runClosedLoop } from './closed-loop.ts'
import type { DurationSummary } from './durations.ts'
import { type PaymentTarget, requestOf } from './payment-request.ts'
import { createTellings } from './tellings.ts'
import { startWebhookSink } from './webhook-sink.ts'

/** Where requests go, and how many. */
export type LoadOrder = LoopShape & { origin: string } & PaymentTarget

const ACCEPTED = 202

const tellings = createTellings()
const sink = await startWebhookSink((telling) => {
  tellings.take(telling)
  load.arrivals?.take(telling)
})
/** Each phone is used once. */
const load: { phones: number; arrivals: Arrivals | null } = { phones: 0, arrivals: null }

function nextPhone(): number {
  load.phones += 1
  return load.phones
}

serveCalls({
  sinkUrl: () => sink.url,
  told: () => sink.totals(),
  /** Webhooks from now on are signed with this secret; null: as a baseline signs. */
  expectSecret: (secret) => sink.expectSecret(secret === null ? null : String(secret)),
  /** From callback to webhook, of all since the last call. */
  callbackDurations: (): DurationSummary => sink.takeDurations().summary(),
  /** Once around: a payment is accepted. */
  accept(argument) {
    const order = readLoadOrder(argument)
    return runClosedLoop(order.origin, order, async (client) => {
      await post(client, { ...requestOf(order, nextPhone()), expected: ACCEPTED })
    })
  },
  /** Once around: a payment is accepted and its verdict has come by webhook. */
  pay(argument) {
    const order = readLoadOrder(argument)
    return runClosedLoop(order.origin, order, async (client) => {
      const phone = nextPhone()
      const told = tellings.told(phone)
      await Promise.all([post(client, { ...requestOf(order, phone), expected: ACCEPTED }), told])
    })
  },
  /** Payments at a fixed rate; answers at once. */
  arrive(argument) {
    const order = readArrivalOrder(argument)
    const firstPhone = load.phones + 1
    load.phones += Math.round(order.perSecond * order.seconds)
    load.arrivals = startArrivals(order, firstPhone)
  },
  /** How those are getting on, and what has been measured since the last look. */
  look: () => arrivals().look(),
  /** Resolves when they have all been begun and told of, or no more are to be expected. */
  finish: () => arrivals().finish(),
})

function arrivals(): Arrivals {
  if (load.arrivals === null) throw new Error('no payments arrive')
  return load.arrivals
}

/** Both come from the run, which is of this folder. */
function readLoadOrder(argument: unknown): LoadOrder {
  return argument as LoadOrder
}

function readArrivalOrder(argument: unknown): ArrivalOrder {
  return argument as ArrivalOrder
}
