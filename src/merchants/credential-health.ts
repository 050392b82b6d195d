// What Daraja says to a shortcode's consumer key and secret: a refusal is told to the merchant once, and
// looked into until Daraja takes them, mended by the merchant or by Safaricom.
import type { Clock } from '../clock.ts'
import { credentialIdOf, type DarajaCredential } from '../daraja/credential.ts'
import type { CredentialVerdict } from '../daraja/token.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import { listRefused, tellAccepted, tellRefused } from './credential-health-store.ts'

/** Keeps the merchants told. */
export type CredentialHealth = {
  /** Daraja has just refused or accepted a credential. Never rejects: the next verdict says it again. */
  note(credential: DarajaCredential, verdict: CredentialVerdict): Promise<void>
  /** Looks whether refused credentials are taken again; how many were. Waits longer than it is called. */
  sweep(): Promise<number>
}

/** What it works with. */
export type CredentialHealthDeps = {
  db: Database
  clock: Clock
  log: Logger
}

/** How a sweep asks: by the shared token, so that all processes together ask Daraja as seldom as ever. */
export type CredentialProbe = {
  credentialOf(merchantId: Uuid, shortcodeId: Uuid): Promise<DarajaCredential | null>
  probe(credential: DarajaCredential): Promise<boolean>
}

/** Changed keys are tried within this time though no payment waits for them. */
const LOOK_EVERY_MS = 5_000
/** Apps looked at in one sweep; the next goes on behind them. */
const REFUSED_MAX = 100
/** Before every app. */
const FIRST_APP = ''

/** Health notes over `deps`; `probe` is asked for late, as the client itself notes here. */
export function createCredentialHealth(
  deps: CredentialHealthDeps,
  probe: () => CredentialProbe,
): CredentialHealth {
  let lookedAtMs: number | null = null
  let after = FIRST_APP

  async function accept(credential: DarajaCredential): Promise<number> {
    const count = await tellAccepted(deps, appOf(credential), new Date(deps.clock.now()))
    if (count > 0) deps.log.info({ credential: credential.id, shortcodes: count }, 'credentials accepted')
    return count
  }

  async function look(shortcode: { merchantId: Uuid; shortcodeId: Uuid }): Promise<number> {
    const { credentialOf, probe: ask } = probe()
    const credential = await credentialOf(shortcode.merchantId, shortcode.shortcodeId)
    return credential !== null && (await ask(credential)) ? accept(credential) : 0
  }

  return {
    async note(credential, verdict) {
      try {
        if (verdict.kind === 'accepted') {
          await accept(credential)
          return
        }
        const refusal = { at: new Date(deps.clock.now()), detail: verdict.detail }
        const count = await tellRefused(deps, appOf(credential), refusal)
        if (count > 0) deps.log.error({ credential: credential.id, shortcodes: count }, 'credentials refused')
      } catch (error) {
        deps.log.warn({ credential: credential.id, err: error }, 'a verdict on credentials was not noted')
      }
    },
    async sweep() {
      const nowMs = deps.clock.now()
      if (lookedAtMs !== null && Math.abs(nowMs - lookedAtMs) < LOOK_EVERY_MS) return 0
      lookedAtMs = nowMs
      const refused = await listRefused(deps, after, REFUSED_MAX)
      const last = refused.length < REFUSED_MAX ? undefined : refused.at(-1)
      after = last?.appId ?? FIRST_APP
      const looks = refused.map(look)
      let accepted = 0
      for (const result of await Promise.allSettled(looks)) {
        if (result.status === 'fulfilled') accepted += result.value
        else deps.log.warn({ err: result.reason }, 'refused credentials could not be looked into')
      }
      return accepted
    },
  }
}

/** The app as `shortcodes.credential_id` has it: the environment stands for the address. */
function appOf({ environment, consumerKey, consumerSecret }: DarajaCredential): string {
  return credentialIdOf({ baseUrl: environment, consumerKey, consumerSecret })
}
