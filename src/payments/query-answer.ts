// What an answer to a question is worth, and when to ask again after one that is no verdict. Pure.
import type { QueryOutcome } from '../daraja/client.ts'
import { nextQuestionAt, PROMPT_LIFE_AND_GRACE_MS, promptEndMs, promptSince } from './ask-schedule.ts'
import type { LastQuery, Payment } from './payment.ts'

type Verdict = Extract<QueryOutcome, { kind: 'verdict' }>
type Open = Extract<QueryOutcome, { kind: 'open' }>

/** Why an answer that says "paid" is none: it was asked for before the prompt's life was over. */
export const PAID_WHILE_OPEN = 'paid_while_open'

/** An answer that settles nothing, and why. */
export type OpenAnswer = Omit<Open, 'reason'> & { reason: Open['reason'] | typeof PAID_WHILE_OPEN }
/** What a question came to. */
export type QueryAnswer = Verdict | OpenAnswer

/** M-Pesa says that it was paid. */
export const SUCCESS_CODE = '0'
/** What keeps a question from M-Pesa and has nothing to do with the payment: it passes soon. */
const KEPT_FROM_MPESA: ReadonlySet<string> = new Set(['token', 'rate_limited'])
const PASSES_WITHIN_MS = 60_000
const PAID_WHILE_OPEN_TEXT = 'The prompt may still be up, so M-Pesa is asked again when its time is over.'

/**
 * What the outcome of a question put at `askedMs` is worth. Whether "0" is answered while the customer is
 * still typing is disputed (Daraja, STK query): until the prompt's life is over it proves nothing. What says
 * that no money moved is a verdict at any time, since a payment can still be proven after it.
 */
export function judgeAnswer(payment: Payment, outcome: QueryOutcome, askedMs: number): QueryAnswer {
  if (outcome.kind === 'open' || outcome.resultCode !== SUCCESS_CODE) return outcome
  if (askedMs >= promptEndMs(payment)) return outcome
  const { resultCode: code, resultDesc, durationMs } = outcome
  const detail = `${resultDesc} ${PAID_WHILE_OPEN_TEXT}`.trim()
  return { kind: 'open', reason: PAID_WHILE_OPEN, code, retryAfterMs: null, detail, durationMs }
}

/**
 * When to ask again: by the schedule, or within a minute where the question did not get as far as M-Pesa; and
 * no sooner than Daraja wants.
 */
export function askAgainAt(payment: Payment, answer: OpenAnswer, now: Date): Date {
  if (answer.reason === PAID_WHILE_OPEN) return new Date(promptEndMs(payment))
  const since = promptSince(payment)
  const scheduledMs = nextQuestionAt(since, now).getTime()
  const soonMs = KEPT_FROM_MPESA.has(answer.reason) ? now.getTime() + PASSES_WITHIN_MS : scheduledMs
  const wantedMs = Math.max(Math.min(scheduledMs, soonMs), now.getTime() + (answer.retryAfterMs ?? 0))
  // It is told as uncertain in time, whatever Daraja wants.
  const overdueMs = since.getTime() + PROMPT_LIFE_AND_GRACE_MS
  return new Date(payment.state === 'pending' ? Math.min(wantedMs, overdueMs) : wantedMs)
}

/** The answer as it is kept with the payment. */
export function lastQueryOf(answer: QueryAnswer, at: Date): LastQuery {
  return answer.kind === 'verdict'
    ? { at: at.toISOString(), kind: 'verdict', code: answer.resultCode, detail: answer.resultDesc }
    : { at: at.toISOString(), kind: answer.reason, code: answer.code, detail: answer.detail }
}
