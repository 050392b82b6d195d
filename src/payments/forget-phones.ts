// Phone numbers that can be forgotten: those of settled payments, by each merchant's own setting and little
// by little, or one customer's at once.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { Phone } from '../phone.ts'
import { countOpenOfPhone, forgetDuePhones, forgetPhone, listRetentions } from './forget-phone-store.ts'
import type { Side } from './verdict-totals-store.ts'

/** Events of one statement, and payments of a wish's: they lie all over tables that no memory holds. */
const BATCH = 50
/** Statements of one sweep for one side: whoever has set this for a long history waits its turn. */
const BATCHES_MAX = 20
/** Between two statements: a long history takes hours, and nobody notices. */
const PAUSE_MS = 150
/** Statements of one wish; more is for the next one. */
const BATCHES_OF_WISH = 10
/** A side that is gone through is looked at again after this: a day more or less is not the point. */
const REST_MS = 10 * 60_000
/** Sides remembered as gone through; beyond it the oldest are looked at again. */
const SIDES_MAX = 20_000
const DAY_MS = 86_400_000
/** No callback is known to come later than this; webhooks are tried for as long. */
const CHANGES_WITHIN_MS = 3 * DAY_MS
/** Enough to say that there are some. */
const OPEN_MAX = 100

/** What forgetting works with; `noted` is told of what was done for a merchant by itself. */
export type ForgetDeps = {
  db: Database
  clock: Clock
  log: Logger
  noted(side: Side, payments: number): Promise<unknown>
  /** Resolves after so many milliseconds, or when aborted. */
  pause(ms: number, signal: AbortSignal): Promise<unknown>
}

/**
 * The sweep that forgets by the merchants' settings; resolves to how many payments it was. Several processes
 * may run it: one of them at a time works at a side. When aborted it ends after the batch under way.
 */
export function createPhoneSweep(deps: ForgetDeps): (signal: AbortSignal) => Promise<number> {
  const restUntilMs = new Map<string, number>()

  async function sweepSide(side: Side, days: number, signal: AbortSignal): Promise<number> {
    const name = `${side.merchantId} ${side.live}`
    const nowMs = deps.clock.now()
    const untilMs = restUntilMs.get(name) ?? 0
    if (nowMs < untilMs && untilMs <= nowMs + REST_MS) return 0
    const wish = { settledBefore: new Date(nowMs - days * DAY_MS), limit: BATCH }
    let forgotten = 0
    for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
      const done = await forgetDuePhones(deps, side, wish)
      forgotten += done.forgotten
      if (done.looked === 0 && done.forgotten === 0) {
        restUntilMs.set(name, nowMs + REST_MS)
        break
      }
      await deps.pause(PAUSE_MS, signal)
    }
    for (const oldest of restUntilMs.keys()) {
      if (restUntilMs.size <= SIDES_MAX) break
      restUntilMs.delete(oldest)
    }
    if (forgotten > 0) {
      deps.log.info({ step: 'privacy', merchant: side.merchantId, forgotten }, 'phone numbers forgotten')
      await deps.noted(side, forgotten)
    }
    return forgotten
  }

  return async (signal) => {
    let forgotten = 0
    for (let after: Uuid | null = null; !signal.aborted; ) {
      const retentions = await listRetentions(deps, after)
      for (const { merchantId, days } of retentions) {
        for (const live of [true, false]) forgotten += await sweepSide({ merchantId, live }, days, signal)
      }
      after = retentions.at(-1)?.merchantId ?? null
      if (after === null) break
    }
    return forgotten
  }
}

/** What came of a wish to forget one number. */
export type ForgetResult = {
  /** Payments that no longer have it. */
  payments: number
  /** Payments that are open or may still change: until then nothing of this number is forgotten. */
  open: number
  /** True when there are more: the wish is to be made again. */
  hasMore: boolean
}

/** Forgets one customer's number in the settled payments of a side, now. */
export async function forgetOnePhone(
  deps: Pick<ForgetDeps, 'db' | 'clock'>,
  side: Side,
  phone: Phone,
): Promise<ForgetResult> {
  const changesSince = new Date(deps.clock.now() - CHANGES_WITHIN_MS)
  const open = await countOpenOfPhone(deps, side, { phone, changesSince, max: OPEN_MAX })
  if (open > 0) return { payments: 0, open, hasMore: false }
  // Those of this very moment too.
  const settledBefore = new Date(deps.clock.now() + DAY_MS)
  let payments = 0
  for (let batch = 0; batch < BATCHES_OF_WISH; batch += 1) {
    const forgotten = await forgetPhone(deps, side, { phone, settledBefore, changesSince, limit: BATCH })
    payments += forgotten
    if (forgotten < 2 * BATCH) return { payments, open: 0, hasMore: false }
  }
  return { payments, open: 0, hasMore: true }
}
