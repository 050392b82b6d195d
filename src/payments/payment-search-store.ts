// Searching payments: what has an index is found at any age, newest first; what has none is looked for among
// the newest, a bounded number a page, and the page says how far it has looked.
import type { Database } from '../db/database.ts'
import { readTime } from '../db/row-times.ts'
import { leastUuidAt, type Uuid } from '../ids.ts'
import { type Payment, readPayment } from './payment.ts'
import {
  conditionsOf,
  IS_FAILED,
  listPayments,
  type Owner,
  type PaymentFilter,
} from './payment-read-store.ts'
import type { SearchTerms } from './search-terms.ts'

/** Where a search goes on: among what is found exactly, or among what is looked at one by one. */
export type SearchPosition = { stage: 'listed' | 'exact' | 'looked'; before: Uuid | null }

/** What is searched: all conditions must hold, and one of the terms. */
export type SearchWish = {
  filter: PaymentFilter
  terms: SearchTerms | null
  limit: number
  /** Null: from the beginning. */
  from: SearchPosition | null
}

/** A page of a search. */
export type SearchPage = {
  payments: Payment[]
  /** Null: that was all. */
  next: SearchPosition | null
  /** When the last payment was made that was looked at, where there are more to look at. */
  searchedUntil: Date | null
}

/** Looked at for one page: about 50 ms. */
export const LOOKED_AT_MAX = 20_000

/** A page of the payments of `owner` that `wish` asks for. */
export async function searchPayments(
  deps: { db: Database },
  owner: Owner,
  wish: SearchWish,
): Promise<SearchPage> {
  const { terms, filter, limit } = wish
  const from = wish.from ?? { stage: terms === null ? 'listed' : 'exact', before: null }
  if (terms === null)
    return needsLook(filter) ? look(deps, owner, wish, from.before) : list(deps, owner, wish)
  const exact: Payment[] = []
  if (from.stage !== 'looked') {
    exact.push(...(await findExact(deps, owner, { filter, terms, limit: limit + 1, before: from.before })))
    if (exact.length > limit) return cut(exact, limit, 'exact')
  }
  if (terms.amountKes === null && terms.lastDigits === null) {
    return { payments: exact, next: null, searchedUntil: null }
  }
  const isFull = exact.length === limit
  if (isFull) return { payments: exact, next: { stage: 'looked', before: null }, searchedUntil: null }
  const before = from.stage === 'looked' ? from.before : null
  const looked = await look(deps, owner, { ...wish, limit: limit - exact.length }, before)
  return { ...looked, payments: [...exact, ...looked.payments] }
}

/** Whether a filter has conditions without an index. */
export function needsLook({ amountMinKes, amountMaxKes, resultCode }: PaymentFilter): boolean {
  return amountMinKes !== undefined || amountMaxKes !== undefined || resultCode !== undefined
}

async function list(deps: { db: Database }, owner: Owner, wish: SearchWish): Promise<SearchPage> {
  const page = { limit: wish.limit + 1, before: wish.from?.before ?? null }
  return cut(await listPayments(deps, owner, wish.filter, page), wish.limit, 'listed')
}

function cut(payments: Payment[], limit: number, stage: SearchPosition['stage']): SearchPage {
  const shown = payments.slice(0, limit)
  const last = shown.at(-1)
  const isCut = payments.length > limit && last !== undefined
  return { payments: shown, next: isCut ? { stage, before: last.id } : null, searchedUntil: null }
}

type ExactWish = { filter: PaymentFilter; terms: SearchTerms; limit: number; before: Uuid | null }

/** Each term by its own index, and the newest of what all of them find. */
async function findExact(deps: { db: Database }, owner: Owner, wish: ExactWish): Promise<Payment[]> {
  const { terms } = wish
  const { values, where } = conditionsOf(owner, wish.filter, wish)
  const probes: string[] = []
  const probe = (value: unknown, condition: (parameter: string) => string) => {
    if (value === null) return
    values.push(value)
    const all = [...where, condition(`$${values.length}`)].join(' and ')
    probes.push(`(select p.id from payments p where ${all} order by p.id desc limit $3)`)
  }
  probe(terms.id, (p) => `p.id = ${p}`)
  probe(terms.checkoutRequestId, (p) => `p.checkout_request_id = ${p}`)
  probe(terms.phone, (p) => `p.phone = ${p}`)
  probe(terms.receipt, (p) => `p.receipt = ${p}`)
  for (const text of terms.texts) {
    probe(text, (p) => `p.reference = ${p}`)
    probe(text, (p) => `p.tag = ${p}`)
  }
  probe(await idOfNumber(deps, owner, terms.number), (p) => `p.id = ${p}`)
  const found = await deps.db.query<Record<string, unknown>>(
    `with found as materialized (
       select id from (${probes.join(' union ')}) hits order by id desc limit $3
     )
     select p.* from found join payments p on p.merchant_id = $1 and p.id = found.id order by p.id desc`,
    values,
  )
  return found.rows.map(readPayment)
}

/** Numbers and ids are given in nearly the same order: a record is made within this time of its id. */
const NUMBER_LAG_MS = 15_000

/** The payment with a number: numbers have no index, but they grow with the ids. */
async function idOfNumber(
  deps: { db: Database },
  { merchantId }: Owner,
  number: number | null,
): Promise<Uuid | null> {
  if (number === null) return null
  const ends = await deps.db.query<{ first: Date | null; last: Date | null }>(
    `select (select created_at from payments where merchant_id = $1 order by id limit 1) as first,
       (select created_at from payments where merchant_id = $1 order by id desc limit 1) as last`,
    [merchantId],
  )
  let fromMs = (ends.rows[0]?.first?.getTime() ?? 0) - NUMBER_LAG_MS
  let toMs = (ends.rows[0]?.last?.getTime() ?? 0) + NUMBER_LAG_MS
  while (toMs - fromMs > NUMBER_LAG_MS) {
    const middleMs = Math.floor((fromMs + toMs) / 2)
    const next = await deps.db.query<{ number: string }>(
      'select number from payments where merchant_id = $1 and id >= $2 order by id limit 1',
      [merchantId, leastUuidAt(middleMs)],
    )
    const found = next.rows[0]
    if (found === undefined || Number(found.number) >= number) toMs = middleMs
    else fromMs = middleMs
  }
  const found = await deps.db.query<{ id: Uuid }>(
    'select id from payments where merchant_id = $1 and id >= $2 and id < $3 and number = $4 limit 1',
    [merchantId, leastUuidAt(fromMs - NUMBER_LAG_MS), leastUuidAt(toMs + NUMBER_LAG_MS), number],
  )
  return found.rows[0]?.id ?? null
}

/** Of shortcodes that are many, each is looked at for so many payments at least. */
const LOOKED_AT_EACH_MIN = 200

/**
 * Looks at the newest payments, shortcode by shortcode and as many of each: what is shown is newer than where
 * any of them had to stop.
 */
async function look(
  deps: { db: Database },
  owner: Owner,
  wish: SearchWish,
  before: Uuid | null,
): Promise<SearchPage> {
  const page = { limit: wish.limit + 1, before }
  const { values, where, add } = conditionsOf(owner, wish.filter, page)
  const isFailure = wish.filter.resultCode !== undefined && wish.filter.resultCode !== '0'
  const indexed = where.filter((condition) => condition.startsWith('p.id '))
  if (isFailure) indexed.push(IS_FAILED)
  if (wish.terms !== null) addLooked(add, wish.terms)
  values.push(LOOKED_AT_MAX)
  const found = await deps.db.query<Record<string, unknown>>(
    lookText(where, indexed, { shortcodeId: owner.shortcodeId ?? null, most: `$${values.length}` }),
    values,
  )
  const [first] = found.rows
  const payments = found.rows.filter((row) => row.id !== null).map(readPayment)
  if (payments.length > wish.limit) return cut(payments, wish.limit, 'looked')
  const edge = (first?.edge_id ?? null) as Uuid | null
  if (edge === null) return { payments, next: null, searchedUntil: null }
  return {
    payments,
    next: { stage: 'looked', before: edge },
    searchedUntil: readTime(first?.edge_at),
  }
}

/** An amount or last digits; what the exact stage has shown is not shown again. */
function addLooked(add: ReturnType<typeof conditionsOf>['add'], terms: SearchTerms): void {
  const isAmount = (p: string) => `p.amount = ${p}`
  if (terms.lastDigits === null) add(terms.amountKes, isAmount)
  else {
    const endsSo = `right(p.phone, ${terms.lastDigits.length})`
    add(terms.lastDigits, (p) => `(${endsSo} = ${p} or p.amount::text = ltrim(${p}, '0'))`)
  }
  add(terms.texts, (p) => `p.reference <> all (${p}) and (p.tag is null or p.tag <> all (${p}))`)
  add(terms.number, (p) => `p.number <> ${p}`)
}

function lookText(
  where: readonly string[],
  indexed: readonly string[],
  { shortcodeId, most }: { shortcodeId: Uuid | null; most: string },
): string {
  const each = `(select greatest(${LOOKED_AT_EACH_MIN}, ${most}::integer / greatest(1, count(*))) from codes)`
  return `
    with codes as materialized (
      select s.id from shortcodes s where s.merchant_id = $1 and (s.environment = 'production') = $2
        ${shortcodeId === null ? '' : 'and s.id = $4'}
    ), looked as materialized (
      select l.* from codes c cross join lateral (
        select p.id, p.created_at, (${where.join(' and ')}) as is_hit,
          row_number() over (order by p.id desc) as place
        from (
          select * from payments p
          where ${['p.shortcode_id = c.id', ...indexed].join(' and ')}
          order by p.id desc limit ${each}
        ) p
      ) l
    ), edge as (
      select id, created_at from looked where place = ${each} order by id desc limit 1
    ), hits as materialized (
      select id from looked
      where is_hit and id >= coalesce((select id from edge), '00000000-0000-0000-0000-000000000000'::uuid)
      order by id desc limit $3
    )
    select p.*, edge.id as edge_id, edge.created_at as edge_at
    from (select 1) one left join edge on true
      left join (hits join payments p on p.merchant_id = $1 and p.id = hits.id) on true
    order by p.id desc nulls last`
}

/** About how many payments `filter` leaves of `owner`, as the planner would have it: no row is read. */
export async function estimatePayments(
  deps: { db: Database },
  owner: Owner,
  filter: PaymentFilter,
): Promise<number> {
  const { values, where } = conditionsOf(owner, filter, { limit: 1, before: null })
  const { rows } = await deps.db.query<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>(
    `explain (format json) select from payments p where ${where.join(' and ')} and $3::integer > 0`,
    values,
  )
  return Math.round(rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0)
}
