// What statements need of the tables, as a port of its own: which shortcodes to pull for, under a lease, and
// the payments that a statement may speak of.
import type { Database } from '../db/database.ts'
import { leastUuidAt, type Uuid } from '../ids.ts'
import type { Phone } from '../phone.ts'
import type { Environment, Evidence, PaymentState } from './payment.ts'
import type { StatementPayment } from './statement-payment.ts'

/** The number that a statement is about: shortcodes of several merchants may stand for one. */
export type StatementSubject = { environment: Environment; number: string }

/** A shortcode whose statement this process is to pull. */
export type PullTask = StatementSubject & {
  merchantId: Uuid
  shortcodeId: Uuid
  /** Pulls in a row that failed, and that settled nothing. */
  failures: number
  idle: number
}

/** Which shortcodes are due: those with payments sent after `oldest` that have been open for long enough. */
export type PullClaim = {
  now: Date
  process: Uuid
  leaseUntil: Date
  oldest: Date
  /** Payments that nothing else can be asked about count when sent before this, all others before that. */
  unaskableBefore: Date
  askableBefore: Date
  limit: number
}

/** A pull that takes longer than its lease. */
export type PullRenewal = { merchantId: Uuid; shortcodeId: Uuid; process: Uuid; leaseUntil: Date }

/** How a pull went, and when the next may be. */
export type PullRecord = {
  merchantId: Uuid
  shortcodeId: Uuid
  process: Uuid
  nextAt: Date
  failures: number
  idle: number
  at: Date
  outcome: string
  detail: string | null
  /** Why payments stayed open, by id. */
  remarks: Record<string, string>
}

/** What is known of the last pull of a shortcode, and of the next one. */
export type PullState = {
  enabled: boolean
  nextAt: Date | null
  lastAt: Date | null
  lastOutcome: string | null
  /** What the last statement said of the payment that was asked about. */
  remark: string | null
}

/** Each call commits by itself. */
export type StatementStore = {
  /** Claims shortcodes that are due and under nobody's lease. */
  claimPulls(claim: PullClaim): Promise<PullTask[]>
  /** Goes on holding what `claimPulls` took; false when another has it by now. */
  renewPull(renewal: PullRenewal): Promise<boolean>
  /** How many payments of a number, whoever's, were made in a time and were paid; counted up to `limit`. */
  countPaid(subject: StatementSubject, time: { fromMs: number; toMs: number }, limit: number): Promise<number>
  /** Gives back what `claimPulls` took; nothing changes when another has it by now. */
  recordPull(record: PullRecord): Promise<void>
  /** When the open payments of a shortcode were sent, oldest first. */
  openSince(task: { merchantId: Uuid; shortcodeId: Uuid }, oldest: Date, limit: number): Promise<Date[]>
  /** At most `limit` payments of a number, whoever's, that were made in a time and may have been paid. */
  paymentsBetween(
    subject: StatementSubject,
    time: { fromMs: number; toMs: number },
    limit: number,
  ): Promise<StatementPayment[]>
  /** Those of `receipts` that belong to any payment of the merchants that use a number. */
  takenReceipts(subject: StatementSubject, receipts: readonly string[]): Promise<Set<string>>
  /** The pulls of a shortcode, as far as they concern one payment; null when there is no such shortcode. */
  pullState(key: { merchantId: Uuid; shortcodeId: Uuid; paymentId: Uuid }): Promise<PullState | null>
}

// Few payments are uncertain, so the shortcodes are found by them and not the other way round.
const CLAIM = `
  with waiting as (
    select distinct merchant_id, shortcode_id from payments
    where state = 'uncertain' and sent_at > $4
      and sent_at <= case when checkout_request_id is null then $5::timestamptz else $6::timestamptz end
  ), due as (
    select s.merchant_id, s.id, s.environment, s.number
    from waiting w
    join shortcodes s on s.merchant_id = w.merchant_id and s.id = w.shortcode_id and s.pull_transactions
    left join statement_pulls p on p.merchant_id = s.merchant_id and p.shortcode_id = s.id
    where p.next_at is null
      or (p.next_at <= $1 and (p.leased_until is null or p.leased_until <= $1))
    order by p.next_at nulls first limit $7
  ), claimed as (
    insert into statement_pulls as p (merchant_id, shortcode_id, next_at, leased_by, leased_until)
    select merchant_id, id, $1, $2, $3 from due
    on conflict (merchant_id, shortcode_id) do update
      set leased_by = excluded.leased_by, leased_until = excluded.leased_until
      where p.next_at <= $1 and (p.leased_until is null or p.leased_until <= $1)
    returning merchant_id, shortcode_id, failures, idle
  )
  select c.*, d.environment, d.number
  from claimed c join due d on d.merchant_id = c.merchant_id and d.id = c.shortcode_id`

const RENEW = `
  update statement_pulls set leased_until = $4
  where merchant_id = $1 and shortcode_id = $2 and leased_by = $3
  returning 1`

const RECORD = `
  update statement_pulls set
    next_at = $4, failures = $5, idle = $6, last_at = $7, last_outcome = $8, last_detail = $9, remarks = $10,
    leased_by = null, leased_until = null
  where merchant_id = $1 and shortcode_id = $2 and leased_by = $3`

// By id, which begins with the time a payment was made: the primary key finds them.
const BETWEEN = `
  select p.merchant_id, p.id, p.shortcode_id, s.kind, p.state, p.amount, p.phone, p.reference,
    coalesce(p.sent_at, p.created_at) as sent_at, p.receipt, p.paid_at, p.evidence ->> 'source' as source
  from shortcodes s
  join payments p on p.merchant_id = s.merchant_id and p.shortcode_id = s.id and p.id >= $3 and p.id < $4
  where s.environment = $1 and s.number = $2
    and (p.state <> 'failed' or p.evidence ->> 'source' = 'statement')
  limit $5`

const COUNT_PAID = `
  select count(*)::integer as count from (
    select from shortcodes s
    join payments p on p.merchant_id = s.merchant_id and p.shortcode_id = s.id and p.id >= $3 and p.id < $4
    where s.environment = $1 and s.number = $2 and p.state = 'succeeded'
    limit $5
  ) paid`

const TAKEN = `
  select distinct p.receipt from shortcodes s join payments p on p.merchant_id = s.merchant_id
  where s.environment = $1 and s.number = $2 and p.receipt is not null and p.receipt = any ($3)`

const STATE = `
  select s.pull_transactions as enabled, p.next_at, p.last_at, p.last_outcome, p.remarks ->> $3 as remark
  from shortcodes s
  left join statement_pulls p on p.merchant_id = s.merchant_id and p.shortcode_id = s.id
  where s.merchant_id = $1 and s.id = $2`

type Row = Record<string, unknown>

/** The store over PostgreSQL. */
export function createStatementStore({ db }: { db: Database }): StatementStore {
  return {
    async claimPulls(claim) {
      const { now, process, leaseUntil, oldest, unaskableBefore, askableBefore, limit } = claim
      const values = [now, process, leaseUntil, oldest, unaskableBefore, askableBefore, limit]
      return (await db.query<Row>(CLAIM, values)).rows.map(readTask)
    },
    async renewPull({ merchantId, shortcodeId, process, leaseUntil }) {
      const renewed = await db.query(RENEW, [merchantId, shortcodeId, process, leaseUntil])
      return renewed.rows.length > 0
    },
    async countPaid({ environment, number }, { fromMs, toMs }, limit) {
      const values = [environment, number, leastUuidAt(fromMs), leastUuidAt(toMs), limit]
      return Number((await db.query<Row>(COUNT_PAID, values)).rows[0]?.count ?? 0)
    },
    async recordPull(record) {
      const { merchantId, shortcodeId, process, nextAt, failures, idle, at, outcome, detail } = record
      const remarks = JSON.stringify(record.remarks)
      const values = [merchantId, shortcodeId, process, nextAt, failures, idle, at, outcome, detail, remarks]
      await db.query(RECORD, values)
    },
    async openSince({ merchantId, shortcodeId }, oldest, limit) {
      const found = await db.query<{ sent_at: Date }>(
        `select sent_at from payments
         where merchant_id = $1 and shortcode_id = $2 and state = 'uncertain' and sent_at > $3
         order by sent_at limit $4`,
        [merchantId, shortcodeId, oldest, limit],
      )
      return found.rows.map((row) => row.sent_at)
    },
    async paymentsBetween({ environment, number }, { fromMs, toMs }, limit) {
      const values = [environment, number, leastUuidAt(fromMs), leastUuidAt(toMs), limit]
      return (await db.query<Row>(BETWEEN, values)).rows.map(readStatementPayment)
    },
    async takenReceipts({ environment, number }, receipts) {
      if (receipts.length === 0) return new Set()
      const found = await db.query<{ receipt: string }>(TAKEN, [environment, number, receipts])
      return new Set(found.rows.map(({ receipt }) => receipt))
    },
    async pullState({ merchantId, shortcodeId, paymentId }) {
      const [row] = (await db.query<Row>(STATE, [merchantId, shortcodeId, paymentId])).rows
      return row === undefined ? null : readPullState(row)
    },
  }
}

function readTask(row: Row): PullTask {
  return {
    merchantId: row.merchant_id as Uuid,
    shortcodeId: row.shortcode_id as Uuid,
    environment: row.environment as Environment,
    number: String(row.number),
    failures: Number(row.failures),
    idle: Number(row.idle),
  }
}

function readStatementPayment(row: Row): StatementPayment {
  return {
    merchantId: row.merchant_id as Uuid,
    paymentId: row.id as Uuid,
    shortcodeId: row.shortcode_id as Uuid,
    kind: row.kind as StatementPayment['kind'],
    state: row.state as PaymentState,
    amountKes: Number(row.amount),
    phone: row.phone as Phone,
    reference: String(row.reference),
    sentAtMs: (row.sent_at as Date).getTime(),
    receipt: row.receipt as string | null,
    paidAtMs: (row.paid_at as Date | null)?.getTime() ?? null,
    source: row.source as Evidence['source'] | null,
  }
}

function readPullState(row: Row): PullState {
  return {
    enabled: row.enabled as boolean,
    nextAt: row.next_at as Date | null,
    lastAt: row.last_at as Date | null,
    lastOutcome: row.last_outcome as string | null,
    remark: row.remark as string | null,
  }
}
