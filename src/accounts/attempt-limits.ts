// How often somebody may try a password, a code, or have a mail sent. Limits count by address and by
// account. Strangers can use up what an account grants to unknown addresses, but never what it grants to one
// from which its owner has signed in before; and everything is earned again with time.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import {
  type AttemptRate,
  giveBackAttempts,
  listSessionAddresses,
  takeAttempt,
} from './attempt-limit-store.ts'

/** What is tried. */
export type AttemptKind =
  | 'sign_in'
  | 'sign_up'
  | 'code'
  | 'reset'
  | 'token'
  | 'password'
  | 'invite'
  /** Inviting one and the same person: the account names both. Strangers use up nothing of another's. */
  | 'be_invited'
  | 'merchant'

/** An attempt: by whom, and on which account where that is known. */
export type Attempt = { kind: AttemptKind; ip: string; account: string | null }

/** The attempt may go on, and be given back should it have been no guess; or how long to wait. */
export type Admission = { ok: true; giveBack(): Promise<void> } | { ok: false; waitMs: number }

/** Asks for an attempt. */
export type AdmitAttempt = (attempt: Attempt) => Promise<Admission>

const MINUTE_MS = 60_000

/** An office behind one address may sign in of a morning; a list of stolen passwords may not be tried. */
const BY_ADDRESS: Record<AttemptKind, AttemptRate> = {
  sign_in: { atOnce: 30, everyMs: 10_000 },
  sign_up: { atOnce: 20, everyMs: 3 * MINUTE_MS },
  code: { atOnce: 30, everyMs: 10_000 },
  reset: { atOnce: 10, everyMs: 2 * MINUTE_MS },
  token: { atOnce: 30, everyMs: 10_000 },
  password: { atOnce: 30, everyMs: 10_000 },
  invite: { atOnce: 100, everyMs: MINUTE_MS },
  be_invited: { atOnce: 100, everyMs: MINUTE_MS },
  merchant: { atOnce: 20, everyMs: 3 * MINUTE_MS },
}
/** One account, from all addresses that it does not know together. */
const BY_ACCOUNT: Record<AttemptKind, AttemptRate> = {
  sign_in: { atOnce: 10, everyMs: MINUTE_MS },
  sign_up: { atOnce: 5, everyMs: 6 * MINUTE_MS },
  code: { atOnce: 10, everyMs: MINUTE_MS },
  // Each of these is a mail to somebody.
  reset: { atOnce: 3, everyMs: 5 * MINUTE_MS },
  token: { atOnce: 10, everyMs: MINUTE_MS },
  password: { atOnce: 10, everyMs: MINUTE_MS },
  // A team is invited of a morning; strangers are not mailed day and night in the merchant's name.
  invite: { atOnce: 50, everyMs: 10 * MINUTE_MS },
  be_invited: { atOnce: 5, everyMs: 60 * MINUTE_MS },
  // Each is rows for good.
  merchant: { atOnce: 10, everyMs: 60 * MINUTE_MS },
}

/** `sourceOf` makes one of the addresses that one customer of a provider has to himself. */
export type AttemptLimitDeps = { db: Database; clock: Clock; sourceOf(ip: string): string }

/** Limits that all processes share. */
export function createAttemptLimits(deps: AttemptLimitDeps): AdmitAttempt {
  return async ({ kind, ip, account }) => {
    const taken: { name: string; everyMs: number }[] = []
    for (const { name, rate } of await limitsOf(deps, { kind, ip, account })) {
      const over = await takeAttempt(deps, name, rate, new Date(deps.clock.now()))
      if (over !== null) {
        await giveBackAttempts(deps, taken)
        return { ok: false, waitMs: over.waitMs }
      }
      taken.push({ name, everyMs: rate.everyMs })
    }
    return { ok: true, giveBack: () => giveBackAttempts(deps, taken) }
  }
}

/** A code is right for its own 30 s, and for those before and after. */
const CODE_LIFE_MS = 90_000

/**
 * True for the first sign-in of a person with this code: somebody who has looked over a shoulder has seen it
 * used (RFC 6238, section 5.2). Of several at once one is the first.
 */
export async function isFirstUseOfCode(
  deps: { db: Database; clock: Clock },
  userId: string,
  code: string,
): Promise<boolean> {
  const rate = { atOnce: 1, everyMs: CODE_LIFE_MS }
  const name = `used code ${userId} ${code}`
  return (await takeAttempt(deps, name, rate, new Date(deps.clock.now()))) === null
}

async function limitsOf(
  deps: AttemptLimitDeps,
  { kind, ip, account }: Attempt,
): Promise<{ name: string; rate: AttemptRate }[]> {
  const source = deps.sourceOf(ip)
  const byAddress = { name: `${kind} address ${source}`, rate: BY_ADDRESS[kind] }
  if (account === null) return [byAddress]
  const email = account.toLowerCase()
  const isFamiliar = kind === 'sign_in' && (await isFamiliarSource(deps, email, source))
  const name = isFamiliar ? `${kind} account ${email} from ${source}` : `${kind} account ${email}`
  return [byAddress, { name, rate: BY_ACCOUNT[kind] }]
}

/** One and the same address is written in several ways, and a home has many of IPv6: their source is one. */
async function isFamiliarSource(deps: AttemptLimitDeps, email: string, source: string): Promise<boolean> {
  const addresses = await listSessionAddresses(deps, email)
  return addresses.some((address) => deps.sourceOf(address) === source)
}
