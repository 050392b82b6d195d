// What a delivery sends: made again from its event, as the attempts make it. The bodies are the same at every
// attempt and so are kept nowhere.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { prefixedId, type Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { findDeliveryEvent } from './delivery-event-store.ts'
import type { EndpointDirectory } from './endpoint-directory.ts'
import { eventBody } from './event-body.ts'
import { signHeaders } from './signature.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** The request of a delivery, as of its last attempt, else as it would go out now. */
export type DeliveryRequest = {
  url: string
  headers: Record<string, string>
  body: string
  /** The time that is signed. */
  signedAt: Date
}

/** Why there is no request to show. */
export type NoDeliveryRequest = { ok: false; code: 'not_found' | 'endpoint_deleted' }

const SECOND_MS = 1_000

/**
 * The request of a delivery, signed by the secrets that are in force now: after a rotation the signatures are
 * others than those that were sent.
 */
export async function describeDeliveryRequest(
  deps: { db: Database; clock: Clock; directory: Pick<EndpointDirectory, 'find'> },
  owner: Owner,
  id: Uuid,
): Promise<{ ok: true; request: DeliveryRequest } | NoDeliveryRequest> {
  const found = await findDeliveryEvent(deps, owner, id)
  if (found === null) return { ok: false, code: 'not_found' }
  const { delivery, event } = found
  const signing = await deps.directory.find(owner.merchantId, delivery.endpointId)
  if (signing === null) return { ok: false, code: 'endpoint_deleted' }
  const lastAt = delivery.attemptLog.at(-1)?.at
  const signedAt = lastAt === undefined ? new Date(deps.clock.now()) : new Date(lastAt)
  const body = eventBody(event, signing.endpoint.format)
  const message = {
    id: prefixedId('evt', event.id),
    timestampSeconds: Math.floor(signedAt.getTime() / SECOND_MS),
    body,
  }
  // A secret that does not open signs nothing: the attempts say so themselves.
  const signed = signing.signers.length === 0 ? {} : signHeaders(message, signing.signers)
  const headers = { ...signed, ...paymentHeader(event) }
  return { ok: true, request: { url: signing.endpoint.url, headers, body, signedAt } }
}

/** Daraja's format has no place for our id, and a payment that Daraja refused has no id of Daraja's. */
export function paymentHeader(event: WebhookEvent): Record<string, string> {
  if (event.subject.kind !== 'payment') return {}
  return { 'sukuma-payment-id': prefixedId('pay', event.subject.payment.id) }
}
