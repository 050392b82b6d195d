// The trail of a payment as the native API shows it.
import { prefixedId } from '../../ids.ts'
import { customerWords } from '../../payments/customer-words.ts'
import type { StoredEvent } from '../../payments/event-store.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import type { Trail } from '../../payments/trail.ts'
import type { Delivery } from '../../webhooks/delivery.ts'
import { eventResource } from './event-resource.ts'
import { deliveryResource } from './webhook-delivery-resource.ts'

/** The resource `payment_trail`. */
export type PaymentTrailResource = ReturnType<typeof paymentTrailResource>

/** Renders `trail` with the payment's webhook deliveries. */
export function paymentTrailResource(trail: Trail, deliveries: readonly Delivery[]) {
  const { tracked, life, doubt, next, events, callbacks, pull } = trail
  const { payment, attempts, queries, lastAnswer } = tracked
  return {
    object: 'payment_trail' as const,
    payment: paymentResource(payment),
    tell_customer: customerWords(payment),
    raw_callback: rawCallbackOf(events),
    life: life.map(({ at, what, detail }) => ({ at: at.toISOString(), what, detail })),
    uncertain: doubt && { since: iso(doubt.since), code: doubt.code, detail: doubt.detail },
    next: next.map(({ what, at, detail }) => ({ what, at: iso(at), detail })),
    pushes_put_back: attempts,
    questions: queries,
    last_question: lastAnswer && {
      at: lastAnswer.at,
      kind: lastAnswer.kind,
      code: lastAnswer.code,
      detail: lastAnswer.detail,
    },
    statement: pull && {
      pull_transactions: pull.enabled,
      last_at: iso(pull.lastAt),
      last_outcome: pull.lastOutcome,
      next_at: iso(pull.nextAt),
      remark: pull.remark,
    },
    events: events.map(eventResource),
    callbacks: callbacks.map((callback) => ({
      kind: callback.kind,
      reason: callback.reason,
      ip: callback.ip,
      received_at: callback.receivedAt.toISOString(),
      body: callback.body,
    })),
    webhook_deliveries: deliveries.map(deliveryResource),
  }
}

/** The last callback that changed something, as it came. */
function rawCallbackOf(events: readonly StoredEvent[]) {
  const event = events.findLast(({ callback }) => callback !== null)
  if (event === undefined) return null
  const { id, callback, createdAt } = event
  return { event: prefixedId('evt', id), received_at: createdAt.toISOString(), body: callback }
}

function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}
