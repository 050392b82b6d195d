// The world in which the time to certainty is measured: nothing goes wrong but that callbacks are lost, and
// Daraja takes few questions a minute.
import { seededChoices } from './choices.ts'
import { NO_FAULTS } from './faults.ts'
import { liveThrough, type WorldReport } from './world.ts'

/** What is measured. */
export type CertaintyWish = {
  seed: number
  payments: number
  paymentsPerMinute: number
  /** The share of callbacks that never come. */
  callbackLost: number
  questionsPerMinute: number
}

/** Lives through it. Two processes share the work, and with it the budget of questions. */
export function measureCertainty(wish: CertaintyWish): Promise<WorldReport> {
  const { payments, paymentsPerMinute, callbackLost, questionsPerMinute } = wish
  return liveThrough({
    name: `certainty, seed ${wish.seed}`,
    choices: seededChoices(wish.seed),
    lives: payments,
    processes: 2,
    // Everybody pays once, or nearly: waiting for a phone is another matter.
    customers: 100 * payments,
    busyMs: (payments / paymentsPerMinute) * 60_000,
    faults: { ...NO_FAULTS, callbackLost },
    environment: 'sandbox',
    questionsPerMinute,
  })
}

/** The value that `share` of `values` do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
