// What waits to be sent: who has anything due, claimed in turns for as much as there is room for, and what
// has expired meanwhile. Every look costs as much as what it takes, however much waits.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import { readPayment } from './payment.ts'
import type { DuePayment } from './payment-due-store.ts'

/** Whose queued payments wait for which shortcode. */
export type QueueSource = { merchantId: Uuid; shortcodeId: Uuid }

/** A page of sources; `next` is where to go on, null at the end. */
export type QueuePage = { sources: QueueSource[]; next: QueueSource | null }

type Deps = { db: Database }
type Row = Record<string, unknown>

const FIRST: QueueSource = {
  merchantId: '00000000-0000-0000-0000-000000000000' as Uuid,
  shortcodeId: '00000000-0000-0000-0000-000000000000' as Uuid,
}

// A loose index scan: one probe a source leaps over however many payments of it there are.
const NEXT_SOURCE = `
  (select p.merchant_id, p.shortcode_id, p.due_at from payments p
   where p.state = 'queued' and (p.merchant_id, p.shortcode_id) > (after.merchant_id, after.shortcode_id)
   order by p.merchant_id, p.shortcode_id, p.due_at limit 1)`

const WAITING = `
  with recursive source as (
    select found.*, 1 as place
    from (values ($2::uuid, $3::uuid)) after (merchant_id, shortcode_id), lateral ${NEXT_SOURCE} found
    union all
    select found.*, after.place + 1 from source after, lateral ${NEXT_SOURCE} found
    where after.place < $4
  )
  select merchant_id, shortcode_id, due_at <= $1 as is_due from source order by place`

/** The sources after `after` (null: from the start) with a payment due; at most `limit` are looked at. */
export async function findWaiting(
  deps: Deps,
  page: { now: Date; after: QueueSource | null; limit: number },
): Promise<QueuePage> {
  const { merchantId, shortcodeId } = page.after ?? FIRST
  const found = await deps.db.query<Row>(WAITING, [page.now, merchantId, shortcodeId, page.limit])
  const seen = found.rows.map((row) => ({ source: readSource(row), isDue: row.is_due === true }))
  return {
    sources: seen.filter(({ isDue }) => isDue).map(({ source }) => source),
    next: seen.length < page.limit ? null : (seen.at(-1)?.source ?? null),
  }
}

// A payment that may still be sent becomes `sending` in the very claim: the commit before its push. What kept
// it in the queue is over then. One that has expired stays queued, for who claimed it to give it up.
const claimOf = (due: string) => `
  with due as (${due})
  update payments p set
    state = case when p.expires_at > $1 then 'sending' else p.state end,
    sent_at = case when p.expires_at > $1 then $1 else p.sent_at end,
    result_code = case when p.expires_at > $1 then null else p.result_code end,
    result_desc = case when p.expires_at > $1 then null else p.result_desc end,
    due_at = $3, leased_by = $2, leased_until = $3, updated_at = $1
  from due where p.merchant_id = due.merchant_id and p.id = due.id
  returning p.*`

const CLAIM = claimOf(`
  select taken.* from unnest($4::uuid[], $5::uuid[], $6::integer[]) share (merchant_id, shortcode_id, count),
    lateral (
      select q.merchant_id, q.id from payments q
      where q.merchant_id = share.merchant_id and q.shortcode_id = share.shortcode_id and q.state = 'queued'
        and q.due_at <= $1 and (q.leased_until is null or q.leased_until <= $1)
      order by q.due_at limit share.count
      for update skip locked
    ) taken`)

const CLAIM_EXPIRED = claimOf(`
  select q.merchant_id, q.id from payments q
  where q.state = 'queued' and q.expires_at <= $1 and (q.leased_until is null or q.leased_until <= $1)
  order by q.expires_at limit $4
  for update skip locked`)

/** What a process takes for itself until `leaseUntil`. */
export type QueueClaim = { now: Date; process: Uuid; leaseUntil: Date }

/** Claims of each source as many as are due, at most its `count`, the longest due first. */
export async function claimQueued(
  deps: Deps,
  claim: QueueClaim & { shares: (QueueSource & { count: number })[] },
): Promise<DuePayment[]> {
  const { shares } = claim
  return readClaimed(deps, CLAIM, [
    ...[claim.now, claim.process, claim.leaseUntil],
    shares.map(({ merchantId }) => merchantId),
    shares.map(({ shortcodeId }) => shortcodeId),
    shares.map(({ count }) => count),
  ])
}

/** Claims up to `limit` that have expired, whether or not there is room to send. They stay `queued`. */
export async function claimExpired(deps: Deps, claim: QueueClaim & { limit: number }): Promise<DuePayment[]> {
  return readClaimed(deps, CLAIM_EXPIRED, [claim.now, claim.process, claim.leaseUntil, claim.limit])
}

/** A payment that its process has queued, and that the sweeps need not be kept off any longer. */
export type QueueRelease = {
  merchantId: Uuid
  paymentId: Uuid
  leasedBy: Uuid
  /** Of its insert: any later lease is for something else. */
  leasedUntil: Date
  at: Date
}

/** Resolves to true; undefined when it is no longer queued under that lease. */
export type ReleaseQueued = GroupedStatement<QueueRelease, true>

// What is neither sent nor settled is queued; said in these words, no plan takes the index of what is queued
// for as good as the primary key.
const RELEASE = `
  update payments p set due_at = x.at, leased_by = null, leased_until = null
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
    as x (merchant_id, payment_id, leased_by, leased_until, at)
  where p.merchant_id = x.merchant_id and p.id = x.payment_id
    and coalesce(p.sent_at, p.settled_at) is null
    and p.leased_by = x.leased_by and p.leased_until = x.leased_until
  returning p.id`

/** The grouped release. */
export function createReleaseQueued(deps: { db: Database; observe?: GroupObserver }): ReleaseQueued {
  return createGroupedStatement(deps, {
    name: 'payment_release',
    text: RELEASE,
    key: (row) => row.paymentId,
    values: (row) => [row.merchantId, row.paymentId, row.leasedBy, row.leasedUntil, row.at],
    read: (row) => ({ key: String(row.id), found: true }),
  })
}

async function readClaimed(deps: Deps, statement: string, values: unknown[]): Promise<DuePayment[]> {
  const found = await deps.db.query<Row>(statement, values)
  return found.rows.map((row) => ({
    payment: readPayment(row),
    foundState: 'queued',
    attempts: Number(row.attempts),
    queries: Number(row.queries),
  }))
}

function readSource(row: Row): QueueSource {
  return { merchantId: row.merchant_id as Uuid, shortcodeId: row.shortcode_id as Uuid }
}
