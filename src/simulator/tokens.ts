// Access tokens: who holds which, until when, and what a new one does to the old.
import type { Clock } from '../clock.ts'

/** The tokens of one simulator. */
export type Tokens = {
  issue(consumerKey: string, rules: { lifetimeMs: number; invalidatesOld: boolean }): string
  /** The consumer key of a token that is still good, else null. */
  holder(token: string): string | null
}

/** Only so many tokens of one app are remembered when a new one leaves the old ones good. */
const TOKENS_PER_APP_MAX = 1000

/** Tokens that expire by `clock`; `makeToken` makes their text. */
export function createTokens(deps: { clock: Clock; makeToken: () => string }): Tokens {
  const { clock, makeToken } = deps
  const byToken = new Map<string, { consumerKey: string; expiresAtMs: number }>()
  const byApp = new Map<string, string[]>()
  return {
    issue(consumerKey, { lifetimeMs, invalidatesOld }) {
      const token = makeToken()
      const held = byApp.get(consumerKey) ?? []
      const drop = invalidatesOld ? held.length : held.length - TOKENS_PER_APP_MAX + 1
      for (const old of held.splice(0, Math.max(0, drop))) byToken.delete(old)
      held.push(token)
      byApp.set(consumerKey, held)
      byToken.set(token, { consumerKey, expiresAtMs: clock.now() + lifetimeMs })
      return token
    },
    holder(token) {
      const entry = byToken.get(token)
      return entry !== undefined && entry.expiresAtMs > clock.now() ? entry.consumerKey : null
    },
  }
}
