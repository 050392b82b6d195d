// Making, ending and replacing API keys.
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import type { ApiKey } from './api-key.ts'
import { findApiKey, insertApiKey, markApiKeyRevoked, replaceApiKey } from './api-key-store.ts'
import { generateApiKeyText, type ReadApiKey, readApiKeyText } from './api-key-text.ts'
import type { FieldErrors, SettingsDeps } from './merchants.ts'
import { NAME_HINT, parseName } from './name.ts'
import { isScope, SCOPES, type Scope, USUAL_SCOPES } from './scopes.ts'
import { isLive } from './shortcode.ts'
import { findShortcode } from './shortcode-store.ts'

/** What a new key is to be. */
export type ApiKeyInput = {
  merchantId: Uuid
  live: boolean
  name: string
  /** Null: any shortcode of the key's side. */
  shortcodeId?: Uuid | null
  /** The usual ones when not given: those that need not be named. */
  scopes?: readonly string[]
  expiresAt?: Date | null
}

/** A key as its merchant sees it, with the text that is shown this once. */
export type NewApiKey = { key: ApiKey; text: string }

/** What became of the request. */
export type CreateApiKeyResult =
  | ({ code: 'created' } & NewApiKey)
  | { code: 'unknown_merchant' }
  | { code: 'invalid'; errors: FieldErrors }

/** Two weeks: long enough to change a key everywhere, short enough that the former one does end. */
export const ROTATION_OVERLAP_SECONDS_MAX = 14 * 24 * 60 * 60

/** Makes a key. Its text is in the result and nowhere else. */
export async function createApiKey(deps: SettingsDeps, input: ApiKeyInput): Promise<CreateApiKeyResult> {
  const checked = await check(deps, input)
  if ('errors' in checked) return { code: 'invalid', errors: checked.errors }
  const { text, read } = generate(input.live)
  const key: ApiKey = {
    merchantId: input.merchantId,
    id: deps.newUuid(),
    name: checked.name,
    hint: read.hint,
    live: input.live,
    shortcodeId: input.shortcodeId ?? null,
    scopes: checked.scopes,
    createdAt: new Date(deps.clock.now()),
    expiresAt: input.expiresAt ?? null,
    revokedAt: null,
    replacedBy: null,
    lastUsedAt: null,
  }
  const inserted = await insertApiKey(deps, key, read.hash)
  return inserted ? { code: 'created', key, text } : { code: 'unknown_merchant' }
}

type Checked = { name: string; scopes: readonly Scope[] }

async function check(deps: SettingsDeps, input: ApiKeyInput): Promise<Checked | { errors: FieldErrors }> {
  const errors: Record<string, string[]> = {}
  const name = parseName(input.name)
  if (name === null) errors.name = [NAME_HINT]
  const asked = [...new Set(input.scopes ?? USUAL_SCOPES)]
  const scopes = asked.filter(isScope)
  if (scopes.length === 0 || scopes.length < asked.length) {
    errors.scopes = [`must be one or more of ${SCOPES.join(', ')}`]
  }
  if (input.expiresAt && !(input.expiresAt.getTime() > deps.clock.now())) {
    errors.expires_at = ['must be a time to come']
  }
  if (input.shortcodeId) {
    const shortcode = await findShortcode(deps, input.merchantId, input.shortcodeId)
    if (shortcode === null) errors.shortcode = ['is no shortcode of this merchant']
    else if (isLive(shortcode) !== input.live) {
      errors.shortcode = ['must be a production shortcode for a live key, and any other for a test key']
    }
  }
  return name === null || Object.keys(errors).length > 0 ? { errors } : { name, scopes }
}

/** Ends a key at once; every process refuses it within 5 s. Null when there is no such key. */
export async function revokeApiKey(
  deps: Pick<SettingsDeps, 'db' | 'clock'>,
  owner: Owner,
  id: Uuid,
): Promise<ApiKey | null> {
  return markApiKeyRevoked(deps, owner, id, new Date(deps.clock.now()))
}

/** What became of the request. */
export type RotateApiKeyResult =
  | ({ code: 'rotated' } & NewApiKey)
  /** This key has taken its place before. */
  | { code: 'replaced'; by: Uuid }
  /** There is no such key, or it works no more. */
  | { code: 'not_found' }
  | { code: 'invalid'; errors: FieldErrors }

/**
 * Makes a key that may do what the key `id` may; that one works for `overlapSeconds` more (0: it ends now).
 * Both happen or neither does, and once: a second successor would end when the overlap of the first does.
 */
export async function rotateApiKey(
  deps: SettingsDeps,
  owner: Owner,
  id: Uuid,
  overlapSeconds: number,
): Promise<RotateApiKeyResult> {
  if (
    !Number.isInteger(overlapSeconds) ||
    overlapSeconds < 0 ||
    overlapSeconds > ROTATION_OVERLAP_SECONDS_MAX
  ) {
    const hint = `must be a whole number of seconds from 0 to ${ROTATION_OVERLAP_SECONDS_MAX}`
    return { code: 'invalid', errors: { overlap: [hint] } }
  }
  const nowMs = deps.clock.now()
  const { text, read } = generate(owner.live)
  const key = await replaceApiKey(deps, owner, id, {
    id: deps.newUuid(),
    hash: read.hash,
    hint: read.hint,
    now: new Date(nowMs),
    formerExpiresAt: new Date(nowMs + overlapSeconds * 1_000),
  })
  if (key !== null) return { code: 'rotated', key, text }
  const by = (await findApiKey(deps, owner, id))?.replacedBy ?? null
  return by === null ? { code: 'not_found' } : { code: 'replaced', by }
}

function generate(live: boolean): { text: string; read: ReadApiKey } {
  const text = generateApiKeyText(live)
  const read = readApiKeyText(text)
  if (read === null) throw new Error('a new API key does not read')
  return { text, read }
}
