// A delivery: one event on its way to one endpoint, with the record of its attempts.
import { readTime, requireTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** `cancelled`: its endpoint was deleted or switched off before it was delivered. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'cancelled'] as const
/** One state of a delivery. */
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** The longest that one attempt may take; part of the promise to merchants. */
export const ATTEMPT_TIMEOUT_MS = 15_000

/** How long a process may hold a delivery that it has taken, waiting included; then any sweep takes it. */
export const DELIVERY_LEASE_MS = 60_000

/** One attempt, as the delivery keeps it and merchants see it. */
export type AttemptEntry = {
  at: string
  /** The HTTP status; null when there was no answer. */
  status: number | null
  error: string | null
  duration_ms: number
  /** The beginning of the answer's body; null when there was none. */
  response: string | null
}

/** A delivery as merchants see it. Times are UTC. */
export type Delivery = {
  id: Uuid
  endpointId: Uuid
  eventId: Uuid
  eventType: string
  paymentId: Uuid | null
  state: DeliveryState
  attempts: number
  /** When the next attempt is due; null when none will be made. */
  dueAt: Date | null
  /** The last attempts, oldest first. */
  attemptLog: AttemptEntry[]
  lastStatus: number | null
  lastError: string | null
  createdAt: Date
  deliveredAt: Date | null
}

/** A delivery that this process has taken and may attempt while its lease lasts. */
export type DeliveryJob = {
  merchantId: Uuid
  id: Uuid
  endpointId: Uuid
  event: WebhookEvent
  /** Attempts made before this one. */
  attempts: number
  leasedUntilMs: number
}

/** Reads a row of `webhook_deliveries` joined with its event's type; the schema's checks vouch for it. */
export function readDelivery(row: Record<string, unknown>): Delivery {
  return {
    id: row.id as Uuid,
    endpointId: row.endpoint_id as Uuid,
    eventId: row.event_id as Uuid,
    eventType: row.type as string,
    paymentId: row.payment_id as Uuid | null,
    state: row.state as DeliveryState,
    attempts: row.attempts as number,
    dueAt: readTime(row.due_at),
    attemptLog: row.attempt_log as AttemptEntry[],
    lastStatus: row.last_status as number | null,
    lastError: row.last_error as string | null,
    createdAt: requireTime(row, 'created_at'),
    deliveredAt: readTime(row.delivered_at),
  }
}
