// A webhook delivery as the native API shows it.
import { prefixedId } from '../../ids.ts'
import type { AttemptEntry, Delivery, DeliveryState } from '../../webhooks/delivery.ts'

/** The resource `webhook_delivery`. */
export type DeliveryResource = {
  id: string
  object: 'webhook_delivery'
  endpoint: string
  event: string
  event_type: string
  payment: string | null
  status: DeliveryState
  attempts: number
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  attempt_log: AttemptEntry[]
  created_at: string
  delivered_at: string | null
}

/** Renders `delivery`. */
export function deliveryResource(delivery: Delivery): DeliveryResource {
  return {
    id: prefixedId('wd', delivery.id),
    object: 'webhook_delivery',
    endpoint: prefixedId('we', delivery.endpointId),
    event: prefixedId('evt', delivery.eventId),
    event_type: delivery.eventType,
    payment: delivery.paymentId === null ? null : prefixedId('pay', delivery.paymentId),
    status: delivery.state,
    attempts: delivery.attempts,
    next_attempt_at: delivery.dueAt?.toISOString() ?? null,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    attempt_log: delivery.attemptLog,
    created_at: delivery.createdAt.toISOString(),
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  }
}
