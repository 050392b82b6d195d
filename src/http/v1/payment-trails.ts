// Trails with the webhook deliveries of their payments: the core's two halves of one answer.
import type { Uuid } from '../../ids.ts'
import type { Owner } from '../../payments/payment-read-store.ts'
import { readTrail, type Trail } from '../../payments/trail.ts'
import type { Delivery } from '../../webhooks/delivery.ts'
import { listDeliveries } from '../../webhooks/delivery-store.ts'

/** Reads everything known about one payment. */
export type PaymentTrails = {
  /** Null when the owner has no such payment. */
  read(owner: Owner, id: Uuid): Promise<{ trail: Trail; deliveries: Delivery[] } | null>
}

/** More than a payment's few events to a handful of endpoints ever make. */
const DELIVERIES_MAX = 100

/** Trails over the core. */
export function bindPaymentTrails(deps: Parameters<typeof readTrail>[0]): PaymentTrails {
  return {
    async read(owner, id) {
      const trail = await readTrail(deps, owner, id)
      if (trail === null) return null
      const page = { limit: DELIVERIES_MAX, before: null }
      return { trail, deliveries: await listDeliveries(deps, owner, { paymentId: id }, page) }
    },
  }
}
