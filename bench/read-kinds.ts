// Everything that a merchant can read and search for, as requests about payments drawn by chance.
import { encodeCursor, encodeFeedCursor } from '../src/http/v1/cursor.ts'
import type { Uuid } from '../src/ids.ts'
import type { ReadSample } from './read-samples-store.ts'

/** One request; a GET unless it has a body. */
export type ReadRequest = { path: string; body?: string }

/** Whose key asks: that of the merchant with the history, a small one's, and two that see nothing of it. */
export type Reader = 'large' | 'small' | 'live' | 'bound'

/** A kind of read; null where a sample has nothing to ask by. */
export type ReadKind = { name: string; reader: Reader; of(sample: ReadSample): ReadRequest | null }

const DAY_MS = 86_400_000
const LIMIT = 25
const LIMIT_MAX = 100

const hex = (id: Uuid) => id.replaceAll('-', '')
const list = (filter: Record<string, string>, path = '/v1/payments') => ({
  path: `${path}?${new URLSearchParams({ limit: String(LIMIT), ...filter })}`,
})
const deliveries = (filter: Record<string, string>) => list(filter, '/v1/webhook_deliveries')
const feed = (filter: Record<string, string>) => list(filter, '/v1/events')
const behind = ({ id }: ReadSample) => encodeCursor('payments', id)
const at = (date: Date, daysLater = 0) => new Date(date.getTime() + daysLater * DAY_MS).toISOString()
const position = ({ eventTx, eventId }: ReadSample) => encodeFeedCursor({ tx: eventTx, id: eventId })

const kind = (name: string, of: ReadKind['of'], reader: Reader = 'large'): ReadKind => ({ name, reader, of })

/** All kinds, each with the name that it has in tables. */
export const READ_KINDS: readonly ReadKind[] = [
  kind('read by id', ({ id }) => ({ path: `/v1/payments/pay_${hex(id)}` })),
  kind('read by tracking id', ({ id }) => ({ path: `/api/stk-push/${id}` })),
  kind('read by CheckoutRequestID', ({ checkoutRequestId }) =>
    checkoutRequestId === null
      ? null
      : { path: '/api/mpesa/check-status', body: JSON.stringify({ checkoutRequestId }) },
  ),
  kind('trail', ({ id }) => ({ path: `/v1/payments/pay_${hex(id)}/trail` })),
  kind('events of a payment', ({ id }) => ({ path: `/v1/payments/pay_${hex(id)}/events` })),
  kind('list, first page', () => list({})),
  kind('list, 100 rows', () => list({ limit: String(LIMIT_MAX) })),
  kind('list, deep page', (sample) => list({ cursor: behind(sample) })),
  kind('list by status succeeded', (sample) => list({ status: 'succeeded', cursor: behind(sample) })),
  kind('list by status failed', (sample) => list({ status: 'failed', cursor: behind(sample) })),
  kind('list by status pending', () => list({ status: 'pending' })),
  kind('list by status uncertain', () => list({ status: 'uncertain' })),
  kind('list by status queued', () => list({ status: 'queued' })),
  kind('list by phone', ({ phone }) => list({ phone })),
  kind('list by phone and status', ({ phone }) => list({ phone, status: 'failed' })),
  kind('list by reference', ({ reference }) => list({ reference })),
  kind('list by receipt', ({ receipt }) => (receipt === null ? null : list({ receipt }))),
  kind('list by tag', (sample) =>
    sample.tag === null ? null : list({ tag: sample.tag, cursor: behind(sample) }),
  ),
  kind('list of a day', ({ createdAt }) =>
    list({ created_after: at(createdAt), created_before: at(createdAt, 1) }),
  ),
  kind('list before a time', ({ createdAt }) => list({ created_before: at(createdAt) })),
  kind('list after a time, failed', ({ createdAt }) =>
    list({ created_after: at(createdAt), status: 'failed' }),
  ),
  kind('list by a key that sees none of it: live', () => list({}), 'live'),
  kind('list by a key that sees none of it: bound', () => list({}), 'bound'),
  kind('list of a small merchant', () => list({}), 'small'),
  kind('list of a small merchant, uncertain', () => list({ status: 'uncertain' }), 'small'),
  kind('feed from its start', () => feed({})),
  kind('feed, deep page', (sample) => feed({ cursor: position(sample) })),
  kind('feed by type failed', (sample) => feed({ type: 'payment.failed', cursor: position(sample) })),
  kind('feed by type uncertain', () => feed({ type: 'payment.uncertain' })),
  kind('feed by a key that sees none of it: live', () => feed({}), 'live'),
  kind('feed by a key that sees none of it: bound', () => feed({}), 'bound'),
  kind('deliveries, first page', () => deliveries({})),
  kind('deliveries, deep page', ({ deliveryId }) =>
    deliveries({ cursor: encodeCursor('webhook_deliveries', deliveryId) }),
  ),
  kind('deliveries of an endpoint', ({ endpointId, deliveryId }) =>
    deliveries({
      endpoint: `we_${hex(endpointId)}`,
      cursor: encodeCursor('webhook_deliveries', deliveryId),
    }),
  ),
  kind('deliveries that failed', () => deliveries({ status: 'failed' })),
  kind('deliveries that are pending', () => deliveries({ status: 'pending' })),
  kind('failed deliveries of an endpoint', ({ endpointId }) =>
    deliveries({ endpoint: `we_${hex(endpointId)}`, status: 'failed' }),
  ),
  kind('deliveries of a payment', ({ id }) => deliveries({ payment: `pay_${hex(id)}` })),
  kind('delivery by id', ({ deliveryId }) => ({ path: `/v1/webhook_deliveries/wd_${hex(deliveryId)}` })),
  kind('deliveries by a key that sees none: live', () => deliveries({}), 'live'),
  kind('endpoints', () => ({ path: '/v1/webhook_endpoints' })),
  kind('network', () => ({ path: '/v1/network' })),
]
