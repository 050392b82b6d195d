// Reading payments: one by its id, many by filters and a cursor. Every query names the merchant and the side.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { type Payment, type PaymentState, readPayment } from './payment.ts'

/**
 * Whose payments: a merchant's, on its test or its live side; with a shortcode, what was paid through it and
 * nothing else.
 */
export type Owner = { merchantId: Uuid; live: boolean; shortcodeId?: Uuid | null }

type Row = Record<string, unknown>

/** One payment of `owner`, or null. */
export async function findPayment(deps: { db: Database }, owner: Owner, id: Uuid): Promise<Payment | null> {
  const found = await deps.db.query<Row>(
    `select * from payments
     where merchant_id = $1 and id = $2 and live = $3 and ($4::uuid is null or shortcode_id = $4)`,
    [owner.merchantId, id, owner.live, owner.shortcodeId ?? null],
  )
  return readFirst(found.rows)
}

/** One payment by the merchant and id that its callback token vouches for. */
export async function findPaymentByToken(
  deps: { db: Database },
  token: { merchantId: Uuid; paymentId: Uuid },
): Promise<Payment | null> {
  const found = await deps.db.query<Row>('select * from payments where merchant_id = $1 and id = $2', [
    token.merchantId,
    token.paymentId,
  ])
  return readFirst(found.rows)
}

/** One payment of `owner` by Daraja's CheckoutRequestID, the newest should there be two; or null. */
export async function findPaymentByCheckout(
  deps: { db: Database },
  owner: Owner,
  checkoutRequestId: string,
): Promise<Payment | null> {
  const found = await deps.db.query<Row>(
    `select * from payments where checkout_request_id = $1 and merchant_id = $2 and live = $3
       and ($4::uuid is null or shortcode_id = $4)
     order by id desc limit 1`,
    [checkoutRequestId, owner.merchantId, owner.live, owner.shortcodeId ?? null],
  )
  return readFirst(found.rows)
}

/**
 * The payments that Daraja knows by `checkoutRequestId`, whoever's they are: for a bare callback, which
 * names no merchant. At most two, since more than one is already a reason to believe nothing.
 */
export async function findAnyByCheckout(
  deps: { db: Database },
  checkoutRequestId: string,
): Promise<Payment[]> {
  const found = await deps.db.query<Row>('select * from payments where checkout_request_id = $1 limit 2', [
    checkoutRequestId,
  ])
  return found.rows.map(readPayment)
}

/** Many payments by their keys, whatever their side: for those who wait on them. */
export async function readPayments(
  deps: { db: Database },
  keys: { merchantId: Uuid; paymentId: Uuid }[],
): Promise<Payment[]> {
  const found = await deps.db.query<Row>(
    `select p.* from payments p
     join unnest($1::uuid[], $2::uuid[]) as x (merchant_id, id) using (merchant_id, id)`,
    [keys.map((key) => key.merchantId), keys.map((key) => key.paymentId)],
  )
  return found.rows.map(readPayment)
}

/** What a list of payments may be narrowed by; all given must hold. */
export type PaymentFilter = {
  states?: readonly PaymentState[]
  phone?: string
  reference?: string
  receipt?: string
  tag?: string
  createdAfter?: Date
  createdBefore?: Date
}

/** A page: at most `limit` payments, newest first, older than the payment `before`. */
export type Page = { limit: number; before: Uuid | null }

/** One page of payments, newest first. */
export async function listPayments(
  deps: { db: Database },
  owner: Owner,
  filter: PaymentFilter,
  page: Page,
): Promise<Payment[]> {
  const values: unknown[] = [owner.merchantId, owner.live]
  const where = ['merchant_id = $1', 'live = $2']
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined || value === null) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  add(owner.shortcodeId, (p) => `shortcode_id = ${p}`)
  add(filter.states, (p) => `state = any (${p})`)
  add(filter.phone, (p) => `phone = ${p}`)
  add(filter.reference, (p) => `reference = ${p}`)
  add(filter.receipt, (p) => `receipt = ${p}`)
  add(filter.tag, (p) => `tag = ${p}`)
  add(filter.createdAfter, (p) => `created_at >= ${p}`)
  add(filter.createdBefore, (p) => `created_at < ${p}`)
  add(page.before, (p) => `id < ${p}`)
  values.push(page.limit)
  const found = await deps.db.query<Row>(
    `select * from payments where ${where.join(' and ')} order by id desc limit $${values.length}`,
    values,
  )
  return found.rows.map(readPayment)
}

function readFirst(rows: Row[]): Payment | null {
  const row = rows[0]
  return row === undefined ? null : readPayment(row)
}
