// Who may push: apps (a consumer key and its secret) and the shortcodes each of them is bound to.
import { isJsonObject, type JsonObject, textField } from './json-body.ts'

/** What a shortcode may be used for. */
export type ShortcodeKind = 'paybill' | 'till'

/**
 * One shortcode of one app. A till's `shortcode` is the store number (BusinessShortCode) and `tillNumber`
 * its PartyB; without one, PartyB is the shortcode itself.
 */
export type SimulatorCredential = {
  consumerKey: string
  consumerSecret: string
  shortcode: string
  passkey: string
  kinds: readonly ShortcodeKind[]
  tillNumber?: string
  /** What handsets call its owner. */
  name?: string
}

/** The part of a credential that a push is checked against. */
export type Shortcode = Omit<SimulatorCredential, 'consumerKey' | 'consumerSecret'>

/** The apps and shortcodes of one simulator. */
export type Credentials = {
  /** Adds a credential, or replaces the one of the same consumer key and shortcode. False when full. */
  register(credential: SimulatorCredential): boolean
  isApp(consumerKey: string, consumerSecret: string): boolean
  /** The shortcode as this app may use it. `unknown`: no app has it; `foreign`: another app has. */
  find(consumerKey: string, shortcode: string): Shortcode | 'unknown' | 'foreign'
  /** Every credential, without its secrets. */
  list(): {
    consumerKey: string
    shortcode: string
    kinds: readonly ShortcodeKind[]
    tillNumber: string | null
  }[]
}

/** The passkey that Safaricom publishes for its sandbox. */
export const SANDBOX_PASSKEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'

/**
 * Shortcodes that every app may use, as the sandbox's 174379 is; 174380 is a store with a till. Neither is
 * both, so that a wrong transaction type is found out here and not by the first customer of a real one.
 */
const SHARED_SHORTCODES: readonly Shortcode[] = [
  { shortcode: '174379', passkey: SANDBOX_PASSKEY, kinds: ['paybill'], name: 'Daraja-Sandbox' },
  {
    shortcode: '174380',
    passkey: SANDBOX_PASSKEY,
    kinds: ['till'],
    tillNumber: '5174380',
    name: 'Daraja-Sandbox Till',
  },
]

/** The app that is there when no other is asked for. */
export const DEFAULT_CREDENTIALS: readonly SimulatorCredential[] = SHARED_SHORTCODES.map((shared) => ({
  ...shared,
  consumerKey: 'simulator',
  consumerSecret: 'simulator-secret',
}))

/** A limit, so that a script gone wrong cannot fill the memory. */
const CREDENTIALS_MAX = 100_000
const TEXT_LENGTH_MAX = 200
/** As many as a handset shows of a merchant's name without cutting it. */
const NAME_LENGTH_MAX = 40
const SHORTCODE_FORM = /^\d{5,7}$/

/** A register of apps that begins with `initial`. */
export function createCredentials(initial: readonly SimulatorCredential[]): Credentials {
  const secrets = new Map<string, string>()
  const byAppAndCode = new Map<string, SimulatorCredential>()
  const shared = new Map(SHARED_SHORTCODES.map((entry) => [entry.shortcode, entry]))
  const owned = new Set<string>()
  const register = (credential: SimulatorCredential): boolean => {
    const key = JSON.stringify([credential.consumerKey, credential.shortcode])
    if (byAppAndCode.size >= CREDENTIALS_MAX && !byAppAndCode.has(key)) return false
    secrets.set(credential.consumerKey, credential.consumerSecret)
    byAppAndCode.set(key, credential)
    owned.add(credential.shortcode)
    return true
  }
  for (const credential of initial) register(credential)
  return {
    register,
    isApp: (consumerKey, consumerSecret) => secrets.get(consumerKey) === consumerSecret,
    find(consumerKey, shortcode) {
      const own = byAppAndCode.get(JSON.stringify([consumerKey, shortcode])) ?? shared.get(shortcode)
      return own ?? (owned.has(shortcode) ? 'foreign' : 'unknown')
    },
    list: () =>
      [...byAppAndCode.values()].map(({ consumerKey, shortcode, kinds, tillNumber }) => ({
        consumerKey,
        shortcode,
        kinds,
        tillNumber: tillNumber ?? null,
      })),
  }
}

/**
 * Reads `{consumerKey, consumerSecret, shortcode, passkey, kinds, tillNumber?, name?}`, or says what is
 * wrong.
 */
export function parseCredential(
  body: unknown,
): { ok: true; credential: SimulatorCredential } | { ok: false; errors: string[] } {
  if (!isJsonObject(body)) return { ok: false, errors: ['the body must be a JSON object'] }
  const errors: string[] = []
  for (const field of ['consumerKey', 'consumerSecret', 'passkey']) {
    const length = textField(body, field).length
    if (length === 0 || length > TEXT_LENGTH_MAX)
      errors.push(`${field}: must be 1 to ${TEXT_LENGTH_MAX} characters`)
  }
  const tillNumber = textField(body, 'tillNumber')
  const shortcode = textField(body, 'shortcode')
  if (textField(body, 'consumerKey').includes(':')) errors.push('consumerKey: must not hold a colon')
  if (!SHORTCODE_FORM.test(shortcode)) errors.push('shortcode: must be 5 to 7 digits')
  if ('tillNumber' in body && !SHORTCODE_FORM.test(tillNumber))
    errors.push('tillNumber: must be 5 to 7 digits')
  const name = textField(body, 'name')
  if (name.length > NAME_LENGTH_MAX) errors.push(`name: must be at most ${NAME_LENGTH_MAX} characters`)
  const kinds = readKinds(body)
  if (kinds.length === 0) errors.push('kinds: must be a list of paybill, till or both')
  if (errors.length > 0) return { ok: false, errors }
  return {
    ok: true,
    credential: {
      consumerKey: textField(body, 'consumerKey'),
      consumerSecret: textField(body, 'consumerSecret'),
      passkey: textField(body, 'passkey'),
      shortcode,
      kinds,
      ...(tillNumber === '' ? {} : { tillNumber }),
      ...(name === '' ? {} : { name }),
    },
  }
}

function readKinds(body: JsonObject): ShortcodeKind[] {
  const kinds: unknown = body.kinds
  if (!Array.isArray(kinds) || kinds.length > 2) return []
  const known = kinds.filter((kind): kind is ShortcodeKind => kind === 'paybill' || kind === 'till')
  return known.length === kinds.length ? known : []
}
