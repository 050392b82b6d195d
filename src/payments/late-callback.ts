// A callback that the database has kept for longer than Safaricom waits: it was answered 503, and is taken in
// behind that, since Safaricom is not known to call again.
import { DatabaseEndedError, isDatabaseUnavailable } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { CallbackGuard, Judged } from './callback-guard.ts'
import type { MoveDeps } from './move.ts'

type LateDeps<R> = Pick<MoveDeps, 'log' | 'observe' | 'untilAvailable'> & { guard: CallbackGuard<R> }

/** What came, when it did by `performance.now()`, and what takes it in. */
export type LateCallback<R> = {
  paymentId: Uuid
  words: string
  text: string
  startedAtMs: number
  judge: () => Promise<Judged<R>>
}

/**
 * Longer than a failover takes, or a large server to start again. A query would find the verdict too, and no
 * receipt.
 */
const LATE_MAX_MS = 10 * 60_000
/** A true one has about 500. */
const CHARACTERS_MAX = 4_096

/** Takes it in as soon as may be, when `error` says that the database is away. Nobody waits for it. */
export function takeInLate<R extends string>(deps: LateDeps<R>, late: LateCallback<R>, error: unknown): void {
  const isAway = isDatabaseUnavailable(error) && !(error instanceof DatabaseEndedError)
  if (!isAway || late.text.length > CHARACTERS_MAX) return
  deps.guard.takeLate(late.paymentId, late.words, () => take(deps, late))
}

async function take<R extends string>(deps: LateDeps<R>, late: LateCallback<R>): Promise<void> {
  try {
    const { result } = await deps.untilAvailable(LATE_MAX_MS, late.judge)
    deps.observe.callback(result, performance.now() - late.startedAtMs)
  } catch (error) {
    const what = { step: 'callback', payment: late.paymentId, err: error }
    deps.log.error(what, 'a callback was not taken in')
  }
}
