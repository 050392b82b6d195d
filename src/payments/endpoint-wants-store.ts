// Which endpoints are told of an event, as every statement that makes deliveries says it.
import { PAYMENT_EVENT_TYPES } from './payment.ts'

/** Daraja's callback has no word for a payment that is uncertain, or of which it said two things. */
const UNSAID = ['payment.uncertain', 'payment.contradicted'] as const
/** What Daraja's format can say; the other types exist in no callback of Daraja's. */
export const DARAJA_EVENT_TYPES: readonly string[] = PAYMENT_EVENT_TYPES.filter(
  (type) => !UNSAID.some((each) => each === type),
)

/** SQL: what subscribes to `types` in `format` is told of a payment's event of `type`: expressions, all. */
export function wantsPaymentEvent(
  type: string,
  { types, format }: { types: string; format: string },
): string {
  return `(${types} is null or ${type} = any (${types}))
    and (${format} = 'event' or ${type} not in (${UNSAID.map((each) => `'${each}'`).join(', ')}))`
}

/** SQL: the endpoint `e` is not disabled, and is told of a payment's event of `type`, an expression. */
export function endpointWants(type: string): string {
  return `e.disabled_at is null
    and ${wantsPaymentEvent(type, { types: 'e.event_types', format: 'e.format' })}`
}

/** SQL: the endpoint `e` is not disabled, and is told of `type`, an event that is about no payment. */
export function endpointWantsOther(type: string): string {
  return `e.disabled_at is null and e.format = 'event'
    and (e.event_types is null or '${type}' = any (e.event_types))`
}
