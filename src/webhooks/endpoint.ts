// A webhook endpoint as the core sees it: where a merchant is told of events, in which format, of which
// types.
import { readTime, requireTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'
import { DARAJA_EVENT_TYPES } from '../payments/endpoint-wants-store.ts'
import { PAYMENT_EVENT_TYPES } from '../payments/payment.ts'
import type { SignatureScheme } from './signature.ts'

/** `event`: our own body. `daraja`: Daraja's callback body, for receivers written for Daraja itself. */
export const ENDPOINT_FORMATS = ['event', 'daraja'] as const
/** One body format. */
export type EndpointFormat = (typeof ENDPOINT_FORMATS)[number]

/** The types that an endpoint can subscribe to. */
export const SUBSCRIBABLE_EVENT_TYPES = [
  ...PAYMENT_EVENT_TYPES,
  'webhook_endpoint.disabled',
  'shortcode.credentials_refused',
  'shortcode.credentials_accepted',
] as const
/** One subscribable type. */
export type SubscribableEventType = (typeof SUBSCRIBABLE_EVENT_TYPES)[number]

/** The type of the event that a merchant sends to try an endpoint; it needs no subscription. */
export const TEST_EVENT_TYPE = 'webhook.test'

/** Why an endpoint is off: by its merchant, by its own answer 410, or after days of nothing but failures. */
export type DisabledReason = 'merchant' | 'gone' | 'failing'

/** An endpoint without its secrets. Times are UTC. */
export type WebhookEndpoint = {
  merchantId: Uuid
  id: Uuid
  live: boolean
  url: string
  format: EndpointFormat
  /** Null: every type that the format can say. */
  eventTypes: string[] | null
  description: string | null
  /** When the failures began that no success has ended; null when the last attempt succeeded. */
  failingSince: Date | null
  disabledAt: Date | null
  disabledReason: DisabledReason | null
  /** Until when the former secret signs as well; null when there is none. */
  previousSecretExpiresAt: Date | null
  /** How what is sent there is signed; at least one. */
  signatureSchemes: SignatureScheme[]
  /** Verifies `v1a` (`whpk_…`); null until that scheme was first asked for. */
  publicKey: string | null
  /** Since when it may have missed something, as of the last time that it was switched off. */
  missedSince: Date | null
  createdAt: Date
  updatedAt: Date
}

/** True when events of `type` are sent to an endpoint like this; `endpointWants` is the same in SQL. */
export function wantsEvent(endpoint: Pick<WebhookEndpoint, 'format' | 'eventTypes'>, type: string): boolean {
  if (type === TEST_EVENT_TYPE) return true
  if (endpoint.eventTypes !== null && !endpoint.eventTypes.includes(type)) return false
  return endpoint.format === 'event' || DARAJA_EVENT_TYPES.includes(type)
}

/**
 * Reads a row of `webhook_endpoints`, or the `to_jsonb` of one without its secrets (an event's snapshot). The
 * schema's checks vouch for the values: this is the one place that casts.
 */
export function readEndpoint(row: Record<string, unknown>): WebhookEndpoint {
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    live: row.live as boolean,
    url: row.url as string,
    format: row.format as EndpointFormat,
    eventTypes: row.event_types as string[] | null,
    description: row.description as string | null,
    failingSince: readTime(row.failing_since),
    disabledAt: readTime(row.disabled_at),
    disabledReason: row.disabled_reason as DisabledReason | null,
    previousSecretExpiresAt: readTime(row.previous_secret_expires_at),
    // Snapshots of former versions lack the next three.
    signatureSchemes: (row.signature_schemes as SignatureScheme[] | undefined) ?? ['v1'],
    publicKey: (row.public_key as string | null | undefined) ?? null,
    missedSince: readTime(row.missed_since ?? null),
    createdAt: requireTime(row, 'created_at'),
    updatedAt: requireTime(row, 'updated_at'),
  }
}
