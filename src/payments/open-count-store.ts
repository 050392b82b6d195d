// How much of a merchant's is open: counted up to a limit, by the indexes of the sweeps.
import type { Database } from '../db/database.ts'
import type { Owner } from './payment-read-store.ts'

/** Payments in one stage; `count` stops at `OPEN_COUNT_MAX`. */
export type OpenCount = { count: number; oldestAt: Date | null }
/** What is open, by stage; `inProgress` is being sent or on the phone. */
export type OpenCounts = { queued: OpenCount; inProgress: OpenCount; uncertain: OpenCount }

/** A larger backlog is counted no further: ten milliseconds. */
export const OPEN_COUNT_MAX = 10_000

// Each branch is word for word the condition of one index.
const COUNT = `
  with codes as materialized (
    select id from shortcodes where merchant_id = $1 and (environment = 'production') = $2
      and ($3::uuid is null or id = $3)
  ), open as materialized (
    (select 'queued' as stage, p.created_at from codes c join payments p on p.shortcode_id = c.id
     where p.merchant_id = $1 and p.state = 'queued' order by p.due_at limit $4)
    union all
    (select 'inProgress', p.created_at from payments p
     where p.due_at is not null and p.state = 'sending'
       and p.merchant_id = $1 and p.live = $2 and ($3::uuid is null or p.shortcode_id = $3)
     order by p.due_at limit $4)
    union all
    (select 'inProgress', p.created_at from codes c join payments p on p.shortcode_id = c.id
     where p.due_at is not null and p.state in ('pending', 'uncertain') and p.checkout_request_id is not null
       and p.state = 'pending' and p.merchant_id = $1
     order by p.due_at limit $4)
    union all
    (select 'uncertain', p.created_at from codes c join payments p on p.shortcode_id = c.id
     where p.merchant_id = $1 and p.state = 'uncertain' order by p.sent_at limit $4)
  )
  select stage, least(count(*), $4)::integer as count, min(created_at) as oldest_at from open group by stage`

/** Counts what is open of `owner`. */
export async function countOpen(deps: { db: Database }, owner: Owner): Promise<OpenCounts> {
  const { rows } = await deps.db.query<{ stage: string; count: number; oldest_at: Date }>(COUNT, [
    owner.merchantId,
    owner.live,
    owner.shortcodeId ?? null,
    OPEN_COUNT_MAX,
  ])
  const of = (stage: keyof OpenCounts): OpenCount => {
    const row = rows.find((each) => each.stage === stage)
    return { count: row?.count ?? 0, oldestAt: row?.oldest_at ?? null }
  }
  return { queued: of('queued'), inProgress: of('inProgress'), uncertain: of('uncertain') }
}
