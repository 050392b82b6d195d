// One access token per credential for all processes: a new one may end the one before, so it is shared
// through a store, renewed ahead of its expiry, and asked for by one process at a time.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { DarajaCredential } from './credential.ts'
import type { TokenAnswer } from './token-request.ts'

/** What the store holds about a credential; `generation` 0 means that there never was a token. */
export type TokenRecord = {
  generation: number
  token: StoredToken | null
  /** When Daraja last refused the consumer key and secret, cleared by the next token. */
  refusal: Refusal | null
}

/** Daraja's last refusal, and how many there were in a row. */
export type Refusal = { atMs: number; detail: string; count: number }

/** What Daraja said to a consumer key and secret. */
export type CredentialVerdict = { kind: 'accepted' } | { kind: 'refused'; detail: string }

/** A token, how long it was given for, and when it ends (milliseconds since the epoch). */
export type StoredToken = { accessToken: string; lifeMs: number; expiresAtMs: number }

/** The shared tokens. `token-store.ts` keeps them in the database. */
export type TokenStore = {
  read(credentialId: string): Promise<TokenRecord>
  /** Takes the right to renew, unless another has it or `generation` is no longer the stored one. */
  lease(
    credentialId: string,
    lease: { holder: string; leaseMs: number; generation: number },
  ): Promise<boolean>
  /** Stores the renewed token and ends the lease; its generation, or null when the lease was lost. */
  save(credentialId: string, holder: string, token: StoredToken): Promise<number | null>
  /** Ends the lease without a token. */
  release(credentialId: string, holder: string, refusal: Refusal | null): Promise<void>
}

/** A usable token, or why there is none: `refused` means that consumer key or secret are wrong. */
export type TokenResult =
  | { kind: 'token'; accessToken: string; generation: number }
  | Exclude<TokenAnswer, { kind: 'issued' }>

/** Where the client gets its tokens. Rejects only when the store fails. */
export type DarajaTokens = {
  /** The shared token: from memory while it is fresh. */
  get(credential: DarajaCredential): Promise<TokenResult>
  /** Another token than `generation`, which Daraja has refused: renewed unless somebody already did. */
  replace(credential: DarajaCredential, generation: number): Promise<TokenResult>
  /** A token asked for now, or within the last five seconds, to prove that the credential works. */
  renew(credential: DarajaCredential): Promise<TokenResult>
}

/** What the tokens are made from. */
export type TokenDeps = {
  clock: Clock
  log: Logger
  store: TokenStore
  /** One exchange with Daraja; never rejects. */
  request(credential: DarajaCredential): Promise<TokenAnswer>
  /** Told of Daraja's verdict on a credential, by the process that asked; never rejects. */
  onVerdict?(credential: DarajaCredential, verdict: CredentialVerdict): Promise<void>
  /** Resolves after so many milliseconds: the pause between two looks at another process's renewal. */
  pause(ms: number): Promise<unknown>
}

/** A holder that died is replaced after this; longer than a token request can take. */
const TOKEN_LEASE_MS = 10_000
/** While another process renews, its token is looked for this often, and this many times: 3 s in all. */
const POLL_MS = 100
const POLLS_MAX = 30
/** Renewed this long before its end, or a tenth of its life before when that is shorter. */
const RENEW_AHEAD_MAX_MS = 5 * 60_000
const RENEW_AHEAD_SHARE = 0.1
/** After a renewal ahead of time that failed, the old token serves for this long before the next try. */
const RENEW_AGAIN_MS = 10_000
/**
 * Keys that Daraja has refused are not offered again for this long, by any process; twice as long after each
 * refusal in a row, up to the limit. Other keys are another credential, which is tried at once.
 */
const REFUSAL_HOLD_MS = 15_000
const REFUSAL_HOLD_MAX_MS = 5 * 60_000
/** What a process knows of a refusal is as old as this at the most: another may have a token by then. */
const REFUSAL_KNOWN_MS = 4_000

/**
 * A proof answers for this long: each one ends the token before it, and proofs without a pause would leave
 * payments none to be pushed with.
 */
const PROOF_KNOWN_MS = 5_000

/** What one process remembers about a credential. */
type Entry = {
  token: (StoredToken & { generation: number; renewAtMs: number }) | null
  /** Generations up to this one have been refused by Daraja. */
  spentGeneration: number
  refusal: (Refusal & { knownAtMs: number }) | null
  /** The one search for a token that is under way; everybody waits for it. */
  search: Promise<TokenResult> | null
  proof: { atMs: number; result: TokenResult } | null
}

/** The tokens of one process over a shared store. */
export function createDarajaTokens(deps: TokenDeps): DarajaTokens {
  // One entry a credential, so as many as there are Daraja apps.
  const entries = new Map<string, Entry>()

  function entryOf(credential: DarajaCredential): Entry {
    const known = entries.get(credential.id)
    if (known !== undefined) return known
    const entry: Entry = { token: null, spentGeneration: 0, refusal: null, search: null, proof: null }
    entries.set(credential.id, entry)
    return entry
  }

  async function get(credential: DarajaCredential): Promise<TokenResult> {
    const entry = entryOf(credential)
    const nowMs = deps.clock.now()
    if (entry.token !== null && nowMs < entry.token.renewAtMs) return tokenOf(entry.token)
    const { refusal } = entry
    const isKnown = refusal !== null && Math.abs(nowMs - refusal.knownAtMs) < REFUSAL_KNOWN_MS
    if (isKnown && isHeld(refusal, nowMs)) return { kind: 'refused', detail: refusal.detail }
    return entry.search ?? startSearch(entry, credential, false)
  }

  function startSearch(entry: Entry, credential: DarajaCredential, force: boolean): Promise<TokenResult> {
    const started = search(deps, entry, credential, force).finally(() => {
      entry.search = null
    })
    entry.search = started
    return started
  }

  return {
    get,
    async replace(credential, generation) {
      const entry = entryOf(credential)
      entry.spentGeneration = Math.max(entry.spentGeneration, generation)
      if (entry.token !== null && entry.token.generation <= generation) entry.token = null
      return get(credential)
    },
    async renew(credential) {
      const entry = entryOf(credential)
      // A search under way may answer from the store, which proves nothing about the keys of today.
      while (entry.search !== null) await entry.search.catch(() => {})
      const { proof } = entry
      if (proof !== null && Math.abs(deps.clock.now() - proof.atMs) < PROOF_KNOWN_MS) return proof.result
      const result = await startSearch(entry, credential, true)
      entry.proof = { atMs: deps.clock.now(), result }
      return result
    },
  }
}

/** Finds a token in the store, or renews it under the lease, or waits for who does. */
async function search(
  deps: TokenDeps,
  entry: Entry,
  credential: DarajaCredential,
  force: boolean,
): Promise<TokenResult> {
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const record = await deps.store.read(credential.id)
    const found = force ? null : judge(deps, entry, record)
    if (found !== null) return found
    const holder = randomUUID()
    const lease = { holder, leaseMs: TOKEN_LEASE_MS, generation: record.generation }
    if (await deps.store.lease(credential.id, lease)) {
      const renewed = await renewUnderLease(deps, entry, credential, { holder, record })
      if (renewed?.kind === 'token' || (renewed !== null && force)) return renewed
      if (renewed !== null) return keepOld(deps, entry, record) ?? renewed
    } else {
      await deps.pause(POLL_MS)
    }
  }
  const old = force ? null : keepOld(deps, entry, await deps.store.read(credential.id))
  const detail = 'another process is renewing the access token'
  return old ?? { kind: 'unavailable', detail, retryAfterMs: null }
}

/** What the store's record answers by itself; null when a renewal is due. */
function judge(deps: TokenDeps, entry: Entry, record: TokenRecord): TokenResult | null {
  const nowMs = deps.clock.now()
  const { token, generation, refusal } = record
  if (token !== null && generation > entry.spentGeneration && nowMs < renewAtMs(token)) {
    return remember(entry, token, generation, renewAtMs(token))
  }
  entry.refusal = refusal === null ? null : { ...refusal, knownAtMs: nowMs }
  return refusal !== null && isHeld(refusal, nowMs) ? { kind: 'refused', detail: refusal.detail } : null
}

/** Asks Daraja while holding the lease; null when the lease was lost meanwhile to somebody faster. */
async function renewUnderLease(
  deps: TokenDeps,
  entry: Entry,
  credential: DarajaCredential,
  { holder, record }: { holder: string; record: TokenRecord },
): Promise<TokenResult | null> {
  const askedAtMs = deps.clock.now()
  const answer = await deps.request(credential)
  if (answer.kind !== 'issued') {
    const nowMs = deps.clock.now()
    const count = (record.refusal?.count ?? 0) + 1
    const refusal = answer.kind === 'refused' ? { atMs: nowMs, detail: answer.detail, count } : null
    entry.refusal = refusal === null ? null : { ...refusal, knownAtMs: nowMs }
    await deps.store.release(credential.id, holder, refusal)
    deps.log.warn({ credential: credential.id, why: answer.kind, detail: answer.detail }, 'no access token')
    // While the old token serves, nothing is held up that anybody would have to be told of.
    if (answer.kind === 'refused' && !isUsable(deps, entry, record))
      await deps.onVerdict?.(credential, answer)
    return answer
  }
  const { accessToken, lifeMs } = answer
  // Counted from the question: the answer may have been long on its way.
  const token: StoredToken = { accessToken, lifeMs, expiresAtMs: askedAtMs + lifeMs }
  const generation = await deps.store.save(credential.id, holder, token)
  if (generation === null) return null
  deps.log.info({ credential: credential.id, generation, lifeMs }, 'access token renewed')
  await deps.onVerdict?.(credential, { kind: 'accepted' })
  // A store that lost its rows starts counting again: what is new is never spent.
  entry.spentGeneration = Math.min(entry.spentGeneration, generation - 1)
  return remember(entry, token, generation, renewAtMs(token))
}

/** The token that is still good although its renewal failed, for a short while. */
function keepOld(deps: TokenDeps, entry: Entry, record: TokenRecord): TokenResult | null {
  const { token, generation } = record
  const nowMs = deps.clock.now()
  if (token === null || !isUsable(deps, entry, record)) return null
  return remember(entry, token, generation, Math.min(nowMs + RENEW_AGAIN_MS, token.expiresAtMs))
}

function isUsable(deps: TokenDeps, entry: Entry, { token, generation }: TokenRecord): boolean {
  return token !== null && generation > entry.spentGeneration && deps.clock.now() < token.expiresAtMs
}

function remember(entry: Entry, token: StoredToken, generation: number, renewAt: number): TokenResult {
  entry.token = { ...token, generation, renewAtMs: renewAt }
  entry.refusal = null
  return tokenOf(entry.token)
}

function tokenOf(token: NonNullable<Entry['token']>): TokenResult {
  return { kind: 'token', accessToken: token.accessToken, generation: token.generation }
}

function renewAtMs(token: StoredToken): number {
  return token.expiresAtMs - Math.min(RENEW_AHEAD_MAX_MS, token.lifeMs * RENEW_AHEAD_SHARE)
}

function isHeld(refusal: Refusal, nowMs: number): boolean {
  const holdMs = Math.min(REFUSAL_HOLD_MS * 2 ** (refusal.count - 1), REFUSAL_HOLD_MAX_MS)
  return nowMs < refusal.atMs + holdMs
}
