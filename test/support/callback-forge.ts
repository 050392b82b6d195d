// True callbacks, and what a forger makes of them: payments that wait for theirs, and what became of them.
import assert from 'node:assert/strict'
import { objectIn, type TestGateway } from './gateway.ts'

/** A payment of 100 shillings whose customer has not answered, and what its true callback says. */
export type Awaited = {
  trackingId: string
  merchantRequestId: string
  checkoutRequestId: string
  token: string
}

/** The amount of every such payment. */
export const AWAITED_AMOUNT_KES = 100

/** Slow enough that the simulator's own callbacks never come into a test. */
export const NO_CALLBACKS = { SIMULATOR_SPEED: '0.001' }

/** A pending payment. Phones must differ: one prompt a phone. */
export async function awaitCallback(bed: TestGateway, phone: string, key?: string): Promise<Awaited> {
  const wish = { phone, amount: AWAITED_AMOUNT_KES, reference: 'R' }
  const made = await bed.post('/api/stk-push?mode=sync', wish, key === undefined ? {} : { 'x-api-key': key })
  assert.equal(made.status, 200, made.text)
  const data = objectIn(made.body, 'data')
  const ledger = await bed.simulator('GET', `/simulator/ledger?checkout=${data.checkout_request_id}`)
  const token = /hooks\/stk-push\/([0-9a-f]{96})/.exec(JSON.stringify(ledger))?.[1] ?? assert.fail('no token')
  return {
    trackingId: String(data.tracking_id),
    merchantRequestId: String(data.merchant_request_id),
    checkoutRequestId: String(data.checkout_request_id),
    token,
  }
}

/** What a callback may say otherwise than the true one. */
export type Words = Partial<{
  checkout: unknown
  merchant: unknown
  amount: unknown
  receipt: unknown
  code: unknown
}>

/** The true callback's body with `words` in place of its own; undefined leaves a field out. */
export function callbackBody(payment: Awaited, words: Words = {}): string {
  const said = {
    checkout: payment.checkoutRequestId,
    merchant: payment.merchantRequestId,
    amount: AWAITED_AMOUNT_KES,
    receipt: 'NLJ7RT61SV',
    code: 0,
    ...words,
  }
  const Item = [
    { Name: 'Amount', Value: said.amount },
    { Name: 'MpesaReceiptNumber', Value: said.receipt },
    { Name: 'TransactionDate', Value: 20240321143055 },
  ]
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: said.merchant,
        CheckoutRequestID: said.checkout,
        ResultCode: said.code,
        ResultDesc: 'The service request is processed successfully.',
        ...(said.code === 0 ? { CallbackMetadata: { Item } } : {}),
      },
    },
  })
}

/** Posts to a hook as Safaricom does, or as anybody does; fails unless it is acknowledged. */
export async function callBack(
  bed: TestGateway,
  token: string | null,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const path = token === null ? '/hooks/stk-push' : `/hooks/stk-push/${token}`
  const answer = await bed.send('POST', path, { body, headers: { 'x-api-key': '', ...headers } })
  assert.deepEqual([answer.status, answer.body], [200, { ResultCode: 0, ResultDesc: 'Accepted' }], body)
}

/** Everything that the database holds of a payment, but the odd callbacks that are kept of it. */
export async function rowsOfPayment(bed: TestGateway, payment: Awaited): Promise<unknown> {
  const { rows } = await bed.db.pool.query<{ all: unknown }>(
    `select jsonb_build_object(
       'payment', (select to_jsonb(p) from payments p where id = $1),
       'events', (select jsonb_agg(to_jsonb(e) order by e.id) from events e where payment_id = $1),
       'deliveries',
         (select jsonb_agg(to_jsonb(d) order by d.id) from webhook_deliveries d where payment_id = $1)
     ) as all`,
    [payment.trackingId],
  )
  return rows[0]?.all
}

/** As `rowsOfPayment`, without the time of the next question to M-Pesa, which a hint may bring forward. */
export async function rowsButDueOf(bed: TestGateway, payment: Awaited): Promise<string> {
  return withoutDue(await rowsOfPayment(bed, payment))
}

/** The rows as a text that says nothing of when M-Pesa is asked next. */
export function withoutDue(rows: unknown): string {
  return JSON.stringify(rows).replaceAll(/"(due_at|hinted_at)":("[^"]*"|null)/g, '"$1":null')
}

/** How many callbacks came to each result, by the metrics. */
export async function callbackCounts(bed: TestGateway): Promise<Record<string, number>> {
  const text = await (await fetch(bed.gateway.metricsUrl ?? assert.fail('no metrics'))).text()
  const found = text.matchAll(/^sukuma_callbacks_total\{result="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...found].map(([, name, count]) => [name, Number(count)]))
}

/** The odd callbacks that are kept: of one payment, or of nobody. */
export async function keptCount(bed: TestGateway, payment: Awaited | null): Promise<number> {
  const { rows } = await bed.db.pool.query<{ count: number }>(
    'select count(*)::integer as count from callbacks where payment_id is not distinct from $1',
    [payment?.trackingId ?? null],
  )
  return rows[0]?.count ?? 0
}
