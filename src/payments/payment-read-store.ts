// Reading payments: one by its id, many by filters and a cursor. Every query names the merchant and the side.
import type { Database } from '../db/database.ts'
import { leastUuidAt, type Uuid } from '../ids.ts'
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
  /** These three have no index: `payment-search-store.ts` looks for them in bounded steps. */
  amountMinKes?: number
  amountMaxKes?: number
  resultCode?: string
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
  const { values, where } = conditionsOf(owner, filter, page)
  const isSearch = [filter.phone, filter.reference, filter.receipt, filter.tag].some(Boolean)
  if (filter.states?.length === 1 && filter.states[0] === 'failed') where.push(IS_FAILED)
  const openStates = filter.states?.map((state) => OPEN_WHERE[state]).filter((state) => state !== null) ?? []
  const isOpenOnly = openStates.length > 0 && openStates.length === filter.states?.length
  const text = isOpenOnly
    ? selectOpen(where, openStates)
    : isSearch
      ? select(where)
      : owner.shortcodeId
        ? selectShortcode(where, `$${FIRST_ADDED}`)
        : selectSide(where)
  const found = await deps.db.query<Row>(text, values)
  return found.rows.map(readPayment)
}

/**
 * The values and conditions of a page: `$1` is the merchant, `$2` the side, `$3` the limit, and `$4` the
 * owner's shortcode where it has one.
 */
export function conditionsOf(
  owner: Owner,
  filter: PaymentFilter,
  page: Page,
): { values: unknown[]; where: string[]; add: AddCondition } {
  const values: unknown[] = [owner.merchantId, owner.live, page.limit]
  const where = [OF_MERCHANT, 'p.live = $2']
  const add: AddCondition = (value, condition) => {
    if (value === undefined || value === null) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  // The first that is added, where there is one.
  add(owner.shortcodeId, (p) => `p.shortcode_id = ${p}`)
  add(filter.states, (p) => `p.state = any (${p})`)
  add(filter.phone, (p) => `p.phone = ${p}`)
  add(filter.reference, (p) => `p.reference = ${p}`)
  add(filter.receipt, (p) => `p.receipt = ${p}`)
  add(filter.tag, (p) => `p.tag = ${p}`)
  add(filter.amountMinKes, (p) => `p.amount >= ${p}`)
  add(filter.amountMaxKes, (p) => `p.amount <= ${p}`)
  add(filter.resultCode, (p) => `p.result_code = ${p}`)
  addTimes(add, filter)
  add(page.before, (p) => `p.id < ${p}`)
  return { values, where, add }
}

/** Adds a condition on a value, unless there is none. */
export type AddCondition = (value: unknown, condition: (parameter: string) => string) => void

const OF_MERCHANT = 'p.merchant_id = $1'

/** The parameter behind merchant, side and limit. */
const FIRST_ADDED = 4

/** Word for word as in the index of failures, which are few. */
export const IS_FAILED = "p.state = 'failed'"

/** What is open is few, and each state of it is in an index of the sweeps; null: it is settled. */
const OPEN_WHERE: Record<PaymentState, string | null> = {
  queued: "p.state = 'queued'",
  sending: "p.state = 'sending' and p.due_at is not null",
  pending: "p.state = 'pending' and p.due_at is not null",
  uncertain: "p.state = 'uncertain'",
  succeeded: null,
  failed: null,
}

/** An id begins with the time it was made at; only a clock set back by more than this says otherwise. */
const CLOCK_STEP_MS = 60_000

/** By the ids as well, which are in order: what was not made in that time is not even read. */
function addTimes(add: AddCondition, { createdAfter, createdBefore }: PaymentFilter): void {
  if (createdAfter !== undefined) {
    add(createdAfter, (p) => `p.created_at >= ${p}`)
    add(leastUuidAt(createdAfter.getTime() - CLOCK_STEP_MS), (p) => `p.id >= ${p}`)
  }
  if (createdBefore !== undefined) {
    add(createdBefore, (p) => `p.created_at < ${p}`)
    add(leastUuidAt(createdBefore.getTime() + CLOCK_STEP_MS), (p) => `p.id < ${p}`)
  }
}

function select(where: readonly string[]): string {
  return `select p.* from payments p where ${where.join(' and ')} order by p.id desc limit $3`
}

/**
 * All that are open, and then the newest of them: whoever looked for these in the order of ids would read
 * through all payments when there are none.
 */
function selectOpen(where: readonly string[], states: readonly string[]): string {
  const each = states.map(
    (state) => `select p.merchant_id, p.id from payments p where ${[...where, state].join(' and ')}`,
  )
  return `
    with open as materialized (${each.join(' union all ')})
    select p.* from (select * from open order by id desc limit $3) page
    join payments p on p.merchant_id = page.merchant_id and p.id = page.id
    order by p.id desc`
}

/**
 * Of one shortcode, in the order of its index. The planner takes merchant and shortcode for independent of
 * each other, and would rather look up all that both have: the merchant stays outside. The limit is within,
 * since without it all that a range of days holds would be fetched and sorted for one page.
 */
function selectShortcode(where: readonly string[], shortcodeId: string): string {
  const ofOne = where.filter((condition) => condition !== OF_MERCHANT)
  return `
    select p.* from (
      select * from payments p where p.shortcode_id = ${[shortcodeId, ...ofOne].join(' and ')}
      order by p.id desc limit $3
    ) p
    where ${where.join(' and ')} order by p.id desc limit $3`
}

/** With more shortcodes on its side than this, a merchant has most of its payments there. */
const SHORTCODES_EACH_MAX = 50

/**
 * Of one side, shortcode by shortcode: millions of live payments must not be read through to find the few
 * test ones, nor the other way round. Only one half of it is run.
 */
function selectSide(where: readonly string[]): string {
  return `
    with codes as materialized (
      select s.id from shortcodes s
      where s.merchant_id = $1 and (s.environment = 'production') = $2 limit ${SHORTCODES_EACH_MAX + 1}
    )
    select * from (
      (select found.* from codes c cross join lateral (
         ${selectShortcode(where, 'c.id')}
       ) found
       where (select count(*) from codes) <= ${SHORTCODES_EACH_MAX}
       order by found.id desc limit $3)
      union all
      (${select([...where, `(select count(*) from codes) > ${SHORTCODES_EACH_MAX}`])})
    ) page order by id desc limit $3`
}

function readFirst(rows: Row[]): Payment | null {
  const row = rows[0]
  return row === undefined ? null : readPayment(row)
}
