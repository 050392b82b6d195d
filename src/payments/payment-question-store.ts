// Questions to M-Pesa as rows: which payments one could be put about, read without a write, so that thousands
// that wait for the budget cost nothing; and the claim of those that get one.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import { readTime, requireTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'
import { type Payment, readPayment } from './payment.ts'
import type { RankedQuestion } from './question-rank.ts'

/** A payment that M-Pesa could be asked about. */
export type Question = RankedQuestion & { merchantId: Uuid; paymentId: Uuid; shortcodeId: Uuid }

/** Which questions to read: `eachMax` of a shortcode in each of three orders, for `shortcodesMax` of them. */
export type QuestionPage = {
  now: Date
  /** Shortcodes after this one, in the order of their ids; null: from the first. */
  after: Uuid | null
  shortcodesMax: number
  eachMax: number
}

/** The questions read, and the shortcode to go on after; null when there are no more shortcodes. */
export type Questions = { questions: Question[]; next: Uuid | null }

const ASKABLE = `due_at is not null and state in ('pending', 'uncertain') and checkout_request_id is not null`
const NOW = `due_at <= $1 and (leased_until is null or leased_until <= $1)`
const COLUMNS = `merchant_id, id, shortcode_id, amount, due_at, wanted_at, queries,
  coalesce(prompted_at, sent_at, created_at) as prompted_at`

// From one shortcode to the next by the index, as the list of all that are due could be endless for one.
// What waited longest, the largest amounts and what is waited for: whatever ranks first is among them.
const READ = `
  with recursive codes as (
    (select shortcode_id from payments
     where ${ASKABLE} and shortcode_id > $2 order by shortcode_id limit 1)
    union all
    select (select p.shortcode_id from payments p
            where p.due_at is not null and p.state in ('pending', 'uncertain')
              and p.checkout_request_id is not null and p.shortcode_id > c.shortcode_id
            order by p.shortcode_id limit 1)
    from codes c where c.shortcode_id is not null
  ), page as (
    select shortcode_id from codes limit $3
  )
  select page.shortcode_id as page_shortcode_id, q.*
  from page left join lateral (
    (select ${COLUMNS} from payments p
     where p.shortcode_id = page.shortcode_id and ${ASKABLE} and ${NOW} order by due_at limit $4)
    union
    (select ${COLUMNS} from payments p
     where p.shortcode_id = page.shortcode_id and ${ASKABLE} and state = 'uncertain' and ${NOW}
     order by amount desc limit $4)
    union
    (select ${COLUMNS} from payments p
     where p.shortcode_id = page.shortcode_id and ${ASKABLE} and wanted_at is not null and ${NOW}
     order by wanted_at desc limit $4)
  ) q on true
  where page.shortcode_id is not null`

const NO_UUID = '00000000-0000-0000-0000-000000000000'

/** Reads a page of what M-Pesa could be asked about at `now`; changes nothing. */
export async function readQuestions(deps: { db: Database }, page: QuestionPage): Promise<Questions> {
  const found = await deps.db.query<Record<string, unknown>>({
    name: 'payment_questions',
    text: READ,
    values: [page.now, page.after ?? NO_UUID, page.shortcodesMax, page.eachMax],
  })
  const shortcodes = [...new Set(found.rows.map((row) => row.page_shortcode_id as Uuid))].sort()
  return {
    questions: found.rows.filter((row) => row.id !== null).map(readQuestion),
    next: shortcodes.length < page.shortcodesMax ? null : (shortcodes.at(-1) ?? null),
  }
}

function readQuestion(row: Record<string, unknown>): Question {
  return {
    merchantId: row.merchant_id as Uuid,
    paymentId: row.id as Uuid,
    shortcodeId: row.shortcode_id as Uuid,
    amountKes: row.amount as number,
    promptedAtMs: requireTime(row, 'prompted_at').getTime(),
    dueAtMs: requireTime(row, 'due_at').getTime(),
    wantedAtMs: readTime(row.wanted_at)?.getTime() ?? null,
    queries: Number(row.queries),
  }
}

/** What a process takes for itself until `leaseUntil`, to put its questions. */
export type QuestionClaim = {
  now: Date
  process: Uuid
  leaseUntil: Date
  keys: readonly { merchantId: Uuid; paymentId: Uuid }[]
  /** Whether to take those as well that are not due yet. */
  early: boolean
}

const CLAIM = `
  with free as (
    select p.merchant_id, p.id
    from unnest($4::uuid[], $5::uuid[]) as x (merchant_id, id)
    join payments p on p.merchant_id = x.merchant_id and p.id = x.id
    where p.due_at is not null and (p.due_at <= $1 or $6)
      and (p.leased_until is null or p.leased_until <= $1)
      and p.state in ('pending', 'uncertain') and p.checkout_request_id is not null
    for update of p skip locked
  )
  update payments p set leased_by = $2, leased_until = $3, updated_at = $1
  from free where p.merchant_id = free.merchant_id and p.id = free.id
  returning p.*`

/** Claims those of `keys` that are still due, or open where `early`, and nobody else's. */
export async function claimQuestions(deps: { db: Database }, claim: QuestionClaim): Promise<Payment[]> {
  const found = await deps.db.query<Record<string, unknown>>({
    name: 'payment_claim_questions',
    text: CLAIM,
    values: [
      claim.now,
      claim.process,
      claim.leaseUntil,
      claim.keys.map(({ merchantId }) => merchantId),
      claim.keys.map(({ paymentId }) => paymentId),
      claim.early,
    ],
  })
  return found.rows.map(readPayment)
}

/** Its merchant has asked about this open payment. */
export type Wanted = { merchantId: Uuid; paymentId: Uuid; at: Date }

/** Resolves to undefined when the payment is settled. */
export type MarkWanted = GroupedStatement<Wanted, true>

const WANT = `
  update payments p set wanted_at = x.at
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as x (merchant_id, payment_id, at)
  where p.merchant_id = x.merchant_id and p.id = x.payment_id and p.state in ('pending', 'uncertain')
  returning p.id`

/** The grouped note that somebody waits for a payment. */
export function createMarkWanted(deps: { db: Database; observe?: GroupObserver }): MarkWanted {
  return createGroupedStatement(deps, {
    name: 'payment_wanted',
    text: WANT,
    key: (row) => row.paymentId,
    values: (row) => [row.merchantId, row.paymentId, row.at],
    read: (row) => ({ key: String(row.id), found: true }),
  })
}
