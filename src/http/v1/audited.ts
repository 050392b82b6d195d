// What the audit log keeps of the things that the native API changes: how they are named, and what of them
// is shown from and to. No secret is among it.
import type { AuditChange, AuditEntry, AuditValue } from '../../audit/audit-entry.ts'
import { prefixedId } from '../../ids.ts'
import { maskPhone, maskPhoneIn } from '../../log.ts'
import type { ApiKey } from '../../merchants/api-key.ts'
import type { Shortcode } from '../../merchants/shortcode.ts'
import { shortcodeResource } from '../../merchants/shortcode-resource.ts'
import type { Payment } from '../../payments/payment.ts'
import type { WebhookEndpoint } from '../../webhooks/endpoint.ts'
import { endpointResource } from '../../webhooks/endpoint-resource.ts'
import { apiKeyResource } from './api-key-resource.ts'

type Target = AuditEntry['target']
/** What is known of a thing, by the names of the API. */
export type Shown = Readonly<Record<string, AuditValue>>

/** A key, by its name. */
export function keyTarget(key: ApiKey): Target {
  return { id: prefixedId('key', key.id), name: key.name }
}

/** What a key may do and for how long. */
export function shownKey(key: ApiKey): Shown {
  const { hint, shortcode, scopes, expires_at } = apiKeyResource(key)
  return { hint, shortcode, scopes, expires_at }
}

/** An endpoint, by its address. */
export function endpointTarget(endpoint: WebhookEndpoint): Target {
  return { id: prefixedId('we', endpoint.id), name: shownUrl(endpoint.url) }
}

/** What of an endpoint its merchant decides. */
export function shownEndpoint(endpoint: WebhookEndpoint): Shown {
  const { format, event_types, description, signature_schemes, status } = endpointResource(endpoint)
  return { url: shownUrl(endpoint.url), format, event_types, description, signature_schemes, status }
}

/** An address without what may be a secret in it: a name and password, and the query. */
function shownUrl(text: string): string {
  if (!URL.canParse(text)) return 'unreadable'
  const url = new URL(text)
  const user = url.username === '' && url.password === '' ? '' : '…@'
  return `${url.protocol}//${user}${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`
}

/** A shortcode, by its number. */
export function shortcodeTarget(shortcode: Shortcode): Target {
  return { id: prefixedId('sc', shortcode.id), name: shortcode.tillNumber ?? shortcode.number }
}

/** What of a shortcode its merchant decides; its credentials are named by whoever changes them. */
export function shownShortcode(shortcode: Shortcode): Shown {
  const { environment, kind, number, till_number, pull_transactions, status } = shortcodeResource(shortcode)
  return { environment, kind, number, till_number, pull_transactions, status }
}

/** A payment that somebody made by hand. */
export function paymentCreated(payment: Payment): Pick<AuditEntry, 'target' | 'detail'> {
  const { amountKes, phone } = payment
  const reference = maskPhoneIn(payment.reference, phone)
  return {
    target: { id: prefixedId('pay', payment.id), name: reference },
    detail: { amount: amountKes, phone: maskPhone(phone), reference },
  }
}

/** What differs between `before` and `after`. */
export function changesBetween(before: Shown, after: Shown): Record<string, AuditChange> {
  const changes: Record<string, AuditChange> = {}
  for (const [field, to] of Object.entries(after)) {
    const from = before[field] ?? null
    if (JSON.stringify(from) !== JSON.stringify(to)) changes[field] = { from, to }
  }
  return changes
}
