// A shortcode as its merchant sees it, the reader of its row, and the rules that its numbers must meet.
import type { DarajaCredential } from '../daraja/credential.ts'
import { readTime, requireTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'

/** Which Daraja a shortcode belongs to. Only `production` moves money. */
export type ShortcodeEnvironment = DarajaCredential['environment']
/** A paybill is paid to by account, a till by itself. */
export type ShortcodeKind = DarajaCredential['kind']
/** The environments, safest first. */
export const SHORTCODE_ENVIRONMENTS = ['simulator', 'sandbox', 'production'] as const
/** The kinds. */
export const SHORTCODE_KINDS = ['paybill', 'till'] as const

/** A shortcode without its credentials, which are never shown. */
export type Shortcode = {
  merchantId: Uuid
  id: Uuid
  environment: ShortcodeEnvironment
  /** True for production. */
  live: boolean
  kind: ShortcodeKind
  /** Daraja's BusinessShortCode: the paybill, or the store number of a till. */
  number: string
  /** The till number; null for a paybill. */
  tillNumber: string | null
  /** Whether M-Pesa's own list of its payments is pulled where nothing else can tell. */
  pullTransactions: boolean
  createdAt: Date
  updatedAt: Date
  /** When Daraja last gave a token for these credentials. */
  verifiedAt: Date | null
  /** Since when Daraja refuses the consumer key and secret, and its words; null while it does not. */
  refusal: { since: Date; detail: string } | null
  /** A disabled shortcode takes no new payments; those under way are still found out. */
  disabledAt: Date | null
}

/** What proves to Daraja who asks: the app's key and secret, and the shortcode's passkey. */
export type ShortcodeCredentials = Pick<DarajaCredential, 'consumerKey' | 'consumerSecret' | 'passkey'>

/** True when payments of this shortcode move money. */
export function isLive(shortcode: { environment: ShortcodeEnvironment }): boolean {
  return shortcode.environment === 'production'
}

const PAYBILL_FORM = /^\d{5,7}$/
const TILL_FORM = /^\d{5,8}$/

/** What is wrong with the numbers of a shortcode, by field; nothing when they are right. */
export function checkNumbers(input: {
  kind: ShortcodeKind
  number: string
  tillNumber: string | null
}): Record<string, string[]> {
  const errors: Record<string, string[]> = {}
  if (input.kind === 'paybill') {
    if (!PAYBILL_FORM.test(input.number)) errors.number = ['must be a paybill of 5 to 7 digits']
    if (input.tillNumber !== null) errors.till_number = ['is for tills; a paybill has none']
  } else {
    if (!TILL_FORM.test(input.number)) {
      errors.number = ["must be the till's store (head office) number of 5 to 8 digits"]
    }
    if (input.tillNumber === null || !TILL_FORM.test(input.tillNumber)) {
      errors.till_number = ['must be a till number of 5 to 8 digits']
    }
  }
  return errors
}

/** True for a text that can be some shortcode's number. */
export function isShortcodeNumber(text: string): boolean {
  return TILL_FORM.test(text)
}

/** Safaricom's are below 100; a limit, not a form. */
const CREDENTIAL_LENGTH_MAX = 200
const VISIBLE = /^[\x21-\x7e]+$/

/** What is wrong with credentials, by field; nothing when they can be sent. Values are never repeated. */
export function checkCredentials(credentials: Partial<ShortcodeCredentials>): Record<string, string[]> {
  const errors: Record<string, string[]> = {}
  const fields = [
    ['consumer_key', credentials.consumerKey],
    ['consumer_secret', credentials.consumerSecret],
    ['passkey', credentials.passkey],
  ] as const
  for (const [field, value] of fields) {
    if (value === undefined) continue
    if (value.length > CREDENTIAL_LENGTH_MAX || !VISIBLE.test(value)) {
      errors[field] = [`must be 1 to ${CREDENTIAL_LENGTH_MAX} visible characters without blanks`]
    }
  }
  // Basic authentication ends the user name at the first colon (RFC 7617).
  if (credentials.consumerKey?.includes(':')) errors.consumer_key = ['must hold no colon']
  return errors
}

/**
 * Reads a row of `shortcodes`, or the `to_jsonb` of one (an event's snapshot). The schema vouches for the
 * values, so this casts rather than validates.
 */
export function readShortcode(row: Record<string, unknown>): Shortcode {
  const environment = row.environment as ShortcodeEnvironment
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    environment,
    live: isLive({ environment }),
    kind: row.kind as ShortcodeKind,
    number: row.number as string,
    tillNumber: row.till_number as string | null,
    // An event may have been kept before there was such a switch.
    pullTransactions: row.pull_transactions === true,
    createdAt: requireTime(row, 'created_at'),
    updatedAt: requireTime(row, 'updated_at'),
    verifiedAt: readTime(row.verified_at),
    refusal: readRefusal(row),
    disabledAt: readTime(row.disabled_at),
  }
}

function readRefusal(row: Record<string, unknown>): Shortcode['refusal'] {
  const since = readTime(row.credentials_refused_at)
  return since === null ? null : { since, detail: row.credentials_refused_detail as string }
}
