// Payments that arrive at a fixed rate, each timed from its intended start: to Daraja's words where they are
// answered, and to the delivered webhook. When one was to begin follows from its phone: nothing is kept.
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { post } from './closed-loop.ts'
import { createDurations, type DurationSummary } from './durations.ts'
import { type OpenCounts, type OpenLoop, startOpenLoop } from './open-loop.ts'
import { requestOf, SYNC_PATH } from './payment-request.ts'
import { machineNowMs } from './shared-clock.ts'
import type { Telling } from './webhook-sink.ts'

/** Where they go, by turns, and how many. */
export type ArrivalOrder = {
  origins: string[]
  path: string
  apiKey: string | readonly string[]
  perSecond: number
  seconds: number
  /** To each origin. */
  connections: number
}

/** Durations are in milliseconds, from the intended start, less what Daraja and the customer took. */
export type ArrivalLook = {
  counts: OpenCounts
  told: number
  /** Why the load gave up before its time; null: it did not. */
  stopped: string | null
  /** From the start to the merchant's answer, less the time that Daraja's double held its own. */
  answers: DurationSummary
  /** From the start to the webhook, less the time from push to callback. */
  webhooks: DurationSummary
}

/** Payments under way. */
export type Arrivals = {
  take(telling: Telling): void
  /** Of what has come since the last look. */
  look(): ArrivalLook
  /** Of all, once all are told of, or a minute after the last was begun. */
  finish(): Promise<ArrivalLook>
}

const ANSWER_LIMIT_MS = 20_000
const TOLD_LIMIT_MS = 60_000
const POLL_MS = 20
const OK = 200
const ACCEPTED = 202
/** So many open payments mean that the rate does not hold. */
const OPEN_MAX = 200_000
/** The double's MerchantRequestID: how long it held its answer, in tenths of a millisecond. */
const HELD = /"MerchantRequestID":"29115-(\d+)-/
const HELD_UNITS_PER_MS = 10

type Collected = { answers: ReturnType<typeof createDurations>; webhooks: ReturnType<typeof createDurations> }

function collect(): Collected {
  return { answers: createDurations(), webhooks: createDurations() }
}

/** Begins at once; the first payment is that of the phone `firstPhone`. */
export function startArrivals(order: ArrivalOrder, firstPhone: number): Arrivals {
  const timeouts = { headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS }
  const pools = order.origins.map(
    (origin) => new Pool(origin, { connections: order.connections, ...timeouts }),
  )
  const expected = order.path === SYNC_PATH ? OK : ACCEPTED
  const all = collect()
  const recent = collect()
  let told = 0
  const visit = async (number: number) => {
    const pool = pools[number % pools.length]
    if (pool === undefined) throw new Error('nowhere to go')
    if (loop.counts.begun - told > OPEN_MAX) throw new Error(`the rate does not hold: ${OPEN_MAX} are open`)
    const text = await post(pool, { ...requestOf(order, firstPhone + number), expected })
    const held = HELD.exec(text)?.[1] ?? 0
    const tookMs = machineNowMs() - loop.intendedMs(number) - Number(held) / HELD_UNITS_PER_MS
    for (const { answers } of [all, recent]) answers.add(tookMs)
  }
  const loop: OpenLoop = startOpenLoop(order, visit)
  let stopped: string | null = null
  const ended = loop.done.catch((error: unknown) => {
    stopped = error instanceof Error ? error.message : String(error)
  })
  const summary = ({ answers, webhooks }: Collected): ArrivalLook => ({
    counts: { ...loop.counts },
    told,
    stopped,
    answers: answers.summary(),
    webhooks: webhooks.summary(),
  })
  return {
    take({ index, nowMs, times }) {
      const number = index - firstPhone
      if (number < 0 || number >= loop.counts.begun) return
      told += 1
      const tookMs = nowMs - loop.intendedMs(number) - (times?.heldMs ?? 0)
      for (const { webhooks } of [all, recent]) webhooks.add(tookMs)
    },
    look() {
      const looked = summary(recent)
      recent.answers.reset()
      recent.webhooks.reset()
      return looked
    },
    async finish() {
      try {
        await ended
        const giveUpAt = machineNowMs() + TOLD_LIMIT_MS
        while (told < loop.counts.answered && machineNowMs() < giveUpAt) await delay(POLL_MS)
        return summary(all)
      } finally {
        await Promise.all(pools.map((pool) => pool.destroy()))
      }
    },
  }
}
