// An event as the native API shows it: what webhooks of format `event` carry, and which payment it is about.
import { prefixedId } from '../../ids.ts'
import { readShortcode } from '../../merchants/shortcode.ts'
import { type ShortcodeResource, shortcodeResource } from '../../merchants/shortcode-resource.ts'
import type { StoredEvent } from '../../payments/event-store.ts'
import { readPayment } from '../../payments/payment.ts'
import { type PaymentResource, paymentResource } from '../../payments/payment-resource.ts'
import { readEndpoint } from '../../webhooks/endpoint.ts'
import { type EndpointResource, endpointResource } from '../../webhooks/endpoint-resource.ts'

/** What an event is about, as it was then; a test is about nothing. */
type EventData = PaymentResource | EndpointResource | ShortcodeResource | { object: 'webhook_test' }

/** The resource `event`. */
export type EventResource = {
  id: string
  object: 'event'
  type: string
  created_at: string
  /** Counts the events of one payment from 1. */
  sequence: number
  payment: string | null
  data: EventData
}

/** Renders `event`. */
export function eventResource(event: StoredEvent): EventResource {
  return {
    id: prefixedId('evt', event.id),
    object: 'event',
    type: event.type,
    created_at: event.createdAt.toISOString(),
    sequence: event.sequence,
    payment: event.paymentId === null ? null : prefixedId('pay', event.paymentId),
    data: dataOf(event),
  }
}

function dataOf(event: StoredEvent): EventData {
  if (event.paymentId !== null) return paymentResource(readPayment(event.snapshot))
  if (event.type === 'webhook_endpoint.disabled') return endpointResource(readEndpoint(event.snapshot))
  if (event.type.startsWith('shortcode.')) return shortcodeResource(readShortcode(event.snapshot))
  return { object: 'webhook_test' }
}
