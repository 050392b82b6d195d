// The budget of questions as one process uses it: permits come from the store that all processes share, and
// what this process knows already (that there is none for a while) costs no statement.
import type { Clock } from '../clock.ts'
import { ALLOWANCE, waitMsOf } from './query-allowance.ts'
import type { QueryBudgetStore } from './query-budget-store.ts'

/** Questions wanted with one Daraja app. */
export type QuestionWish = {
  /** `DarajaCredential.id`: merchants that share an app share its limit. */
  credentialId: string
  environment: 'simulator' | 'sandbox' | 'production'
  wanted: number
}

/** The shared allowance of questions. */
export type QueryBudget = {
  /** How many of the wanted questions may be put now, by app. What is not used must be given back. */
  take(wishes: readonly QuestionWish[]): Promise<Map<string, number>>
  /** Gives back permits that were not used. */
  giveBack(credentialId: string, count: number): Promise<void>
  /** Daraja answered: it may be asked a little more often. */
  answered(credentialId: string): void
  /** Daraja said that it was asked too often; `retryAfterMs` when it said for how long. */
  refused(credentialId: string, retryAfterMs: number | null): Promise<void>
}

/** The sandbox's limit is known, so it is never tried to be exceeded (Daraja, STK query). */
const PER_MINUTE_MAX = {
  simulator: ALLOWANCE.perMinuteMax,
  sandbox: ALLOWANCE.startPerMinute,
  production: ALLOWANCE.perMinuteMax,
}
/** Another process may have given permits back: that there is none is believed for no longer than this. */
const BELIEVED_MS = 5_000
/** One entry an app, so as many as there are apps; a limit all the same. */
const APPS_MAX = 10_000

/** A budget over the shared `store`. */
export function createQueryBudget(deps: { clock: Clock; store: QueryBudgetStore }): QueryBudget {
  const emptyUntilMs = new Map<string, number>()
  const answers = new Map<string, number>()

  function note(credentialId: string, untilMs: number): void {
    if (emptyUntilMs.size >= APPS_MAX) emptyUntilMs.clear()
    emptyUntilMs.set(credentialId, untilMs)
  }

  return {
    async take(wishes) {
      const nowMs = deps.clock.now()
      const open = wishes.filter(({ credentialId, wanted }) => {
        const untilMs = emptyUntilMs.get(credentialId) ?? 0
        // A clock that was set back must not keep it closed.
        return wanted > 0 && (nowMs >= untilMs || untilMs > nowMs + BELIEVED_MS)
      })
      if (open.length === 0) return new Map()
      const wanted = new Map(
        open.map((wish) => {
          const answered = answers.get(wish.credentialId) ?? 0
          const perMinuteMax = PER_MINUTE_MAX[wish.environment]
          return [wish.credentialId, { wanted: wish.wanted, answered, perMinuteMax }]
        }),
      )
      const grants = await deps.store.take(nowMs, wanted)
      const granted = new Map<string, number>()
      for (const [credentialId, grant] of grants) {
        answers.delete(credentialId)
        granted.set(credentialId, grant.granted)
        const waitMs = waitMsOf(grant.allowance, nowMs)
        if (waitMs > 0) note(credentialId, nowMs + Math.min(waitMs, BELIEVED_MS))
      }
      return granted
    },
    async giveBack(credentialId, count) {
      emptyUntilMs.delete(credentialId)
      await deps.store.giveBack(credentialId, count)
    },
    answered(credentialId) {
      if (answers.size >= APPS_MAX) answers.clear()
      answers.set(credentialId, (answers.get(credentialId) ?? 0) + 1)
    },
    refused: (credentialId, retryAfterMs) => deps.store.refuse(deps.clock.now(), credentialId, retryAfterMs),
  }
}
