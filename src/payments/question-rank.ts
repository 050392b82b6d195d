// Which payments the next questions go to, when more are due than may be asked about. Pure.
import { PROMPT_LIFE_MS } from './ask-schedule.ts'

/** A payment that M-Pesa could be asked about now. Times are milliseconds since the epoch. */
export type RankedQuestion = {
  amountKes: number
  /** When its prompt went out, or its push. */
  promptedAtMs: number
  /** Since when its next question is due. */
  dueAtMs: number
  /** When its merchant last asked about it; null: nobody has. */
  wantedAtMs: number | null
  /** Questions put before. */
  queries: number
}

const MINUTE_MS = 60_000
/** The head starts, as waiting time. Together they are all by which one payment can overtake an older one. */
const AMOUNT_MAX_MS = 3 * MINUTE_MS
const WANTED_MS = 2 * MINUTE_MS
const PROMPT_OVER_MS = 2 * MINUTE_MS
/** Nobody can be overtaken by a payment that became due later than this after it. */
export const HEAD_START_MAX_MS = AMOUNT_MAX_MS + WANTED_MS + PROMPT_OVER_MS
/** A merchant that asked this long ago is taken to wait no longer. */
const WANTED_FOR_MS = 2 * MINUTE_MS
/** The largest amount there is (Daraja, STK push). */
const AMOUNT_KES_MAX = 250_000

/**
 * How much the answer is worth: the time that the payment has waited, and head starts. Since all wait at the
 * same pace and the head starts are bounded, every payment comes first in the end.
 * - Amount, by its logarithm: a hundred small payments together are worth as much as a large one.
 * - Somebody waits for it: a merchant asked in the last two minutes.
 * - Its prompt is over, so there is a verdict to be had (before, most answers are "still processing", and
 *   "paid" is not believed); less so the more often none was told.
 */
export function worthMs(question: RankedQuestion, nowMs: number): number {
  const { amountKes, wantedAtMs } = question
  const amount = (AMOUNT_MAX_MS * Math.log(Math.max(1, amountKes))) / Math.log(AMOUNT_KES_MAX)
  const isWanted = wantedAtMs !== null && nowMs - wantedAtMs <= WANTED_FOR_MS
  const isOver = nowMs - question.promptedAtMs >= PROMPT_LIFE_MS
  return (
    nowMs -
    question.dueAtMs +
    Math.min(AMOUNT_MAX_MS, amount) +
    (isWanted ? WANTED_MS : 0) +
    (isOver ? PROMPT_OVER_MS / (1 + question.queries) : 0)
  )
}

/** `questions`, the most worthwhile first; equal ones stay in their order. */
export function rankQuestions<Q extends RankedQuestion>(questions: readonly Q[], nowMs: number): Q[] {
  return questions
    .map((question) => ({ question, worth: worthMs(question, nowMs) }))
    .sort((a, b) => b.worth - a.worth)
    .map(({ question }) => question)
}
