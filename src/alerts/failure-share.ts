// How many of the latest payments failed for reasons that a shop owner can do something about: not because
// customers had no money, no PIN or no wish to pay. That nobody at all answers is no wish of customers.
import { describeResult, meansCustomerBusy } from '../daraja/result-catalogue.ts'

/** Payments of one window that came to the same end, and how many. */
export type EndCount = {
  state: 'succeeded' | 'failed' | 'uncertain'
  code: string | null
  description: string | null
  count: number
}

/**
 * What a window shows. `unanswered` are the payments whose phones were not reached, or nobody answered on.
 * `reasons` are the most frequent labels of troubled payments, at most three.
 */
export type FailureShare = {
  tried: number
  unanswered: number
  troubled: number
  percent: number
  reasons: string[]
}

/** What is judged by. */
export type FailureLimits = { percent: number; paymentsMin: number }

/**
 * The ResultCodes that are the customer's own doing, or their phone's (Daraja, ResultCodes): no money,
 * amounts beyond their limits, repeated too soon, busy, expired, cancelled, not reached, PIN wrong or locked.
 */
const CUSTOMERS_OWN = new Set(
  '1 2 3 4 17 1001 1019 1032 1036 1037 2001 8006 customer_busy not_on_statement'.split(' '),
)
/** An SMS centre or a phone that gave no answer (Daraja, ResultCodes). */
const UNANSWERED = new Set(['1036', '1037'])
/**
 * Now and then a customer does not answer: one in three may be, and of ten hardly ever nine. When it is so
 * many, M-Pesa's prompts reach nobody.
 */
const NOBODY_PERCENT = 90
/** Below it enough answer; a shop whose customers often do not must hear that other trouble is over. */
const SOMEBODY_PERCENT = 70
const NOBODY_OF_MIN = 10
const REASONS_MAX = 3
const UNCERTAIN_LABEL = 'No Verdict'

/** Sums up a window. A payment without a verdict counts: nobody knows whether it was paid. */
export function failureShare(counts: readonly EndCount[]): FailureShare {
  const tried = sum(counts)
  const isUnanswered = ({ code }: EndCount) => code !== null && UNANSWERED.has(code)
  const unanswered = sum(counts.filter(isUnanswered))
  const isNobodyReached = tried >= NOBODY_OF_MIN && 100 * unanswered >= NOBODY_PERCENT * tried
  const troubles = counts.filter((each) => isTrouble(each) || (isNobodyReached && isUnanswered(each)))
  const troubled = sum(troubles)
  const byLabel = Map.groupBy(troubles, labelOf)
  const reasons = [...byLabel]
    .map(([label, those]) => ({ label, count: sum(those) }))
    .sort((a, b) => b.count - a.count)
    .slice(0, REASONS_MAX)
    .map(({ label }) => label)
  const percent = tried === 0 ? 0 : Math.round((100 * troubled) / tried)
  return { tried, unanswered, troubled, percent, reasons }
}

/**
 * Whether a share is one to tell of, or one to call over, or neither. Over is half of the limit, so that a
 * share that swings about it is told of once; too few payments say nothing either way.
 */
export function judgeFailures(share: FailureShare, limits: FailureLimits): 'trouble' | 'fine' | 'unclear' {
  if (share.tried < limits.paymentsMin) return 'unclear'
  const percent = (100 * share.troubled) / share.tried
  if (percent >= limits.percent) return 'trouble'
  const isAnswered = (100 * share.unanswered) / share.tried < SOMEBODY_PERCENT
  return isAnswered && percent < limits.percent / 2 ? 'fine' : 'unclear'
}

function isTrouble({ state, code, description }: EndCount): boolean {
  if (state !== 'failed') return state === 'uncertain'
  return code === null || !(CUSTOMERS_OWN.has(code) || meansCustomerBusy(code, description ?? ''))
}

function labelOf({ state, code, description }: EndCount): string {
  if (state === 'uncertain') return UNCERTAIN_LABEL
  const { label } = describeResult(code ?? '', description ?? '')
  return code === null ? label : `${label} (${code})`
}

function sum(counts: readonly EndCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0)
}
