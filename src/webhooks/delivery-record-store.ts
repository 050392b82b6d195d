// Commit ④: what an attempt came to, written for many deliveries at a time.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import type { AttemptEntry, DeliveryState } from './delivery.ts'

/** The end of one attempt, or of a delivery without one. */
export type DeliveryResult = {
  merchantId: Uuid
  deliveryId: Uuid
  /** Who holds the lease: what another process has taken over meanwhile is its to record. */
  holder: Uuid
  state: DeliveryState
  /** When to try again; null unless `state` is pending. */
  dueAt: Date | null
  /** The attempt; null when none was made. */
  attempt: AttemptEntry | null
  /** Whether it uses up one of the schedule. */
  isCounted: boolean
  /** Attempts made when the delivery was taken; if they are fewer now, it was made due anew meanwhile. */
  attemptsBefore: number
  error: string | null
  at: Date
}

/** The delivery as it now is; undefined when another process has taken it over. */
export type RecordDelivery = GroupedStatement<DeliveryResult, { state: DeliveryState; attempts: number }>

/** A delivery keeps this many attempts: its whole schedule, and some made by hand. */
const ATTEMPT_LOG_MAX = 20

// A delivery that was cancelled during its attempt, or then made due anew, keeps the record of it, and is
// delivered if it was.
const RECORD = `
  update webhook_deliveries d set
    state = case when r.state = 'delivered' or (d.state = 'pending' and d.attempts >= r.attempts_before)
      then r.state else d.state end,
    due_at = case when d.state <> 'pending' or r.state = 'delivered' then null
      when d.attempts >= r.attempts_before then r.due_at else d.due_at end,
    attempts = d.attempts + r.is_counted::integer,
    attempt_log = case when r.attempt is null then d.attempt_log else
      case when jsonb_array_length(d.attempt_log) >= ${ATTEMPT_LOG_MAX}
        then d.attempt_log - 0 else d.attempt_log end || jsonb_build_array(r.attempt) end,
    last_status = case when r.attempt is null then d.last_status
      else (r.attempt ->> 'status')::integer end,
    last_error = case when r.state = 'delivered' or d.state = 'pending' then r.error
      else d.last_error end,
    delivered_at = case when r.state = 'delivered' then r.at else d.delivered_at end,
    leased_by = null,
    leased_until = null
  from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::text[],
    $8::timestamptz[], $9::boolean[], $10::integer[]
  ) as r (merchant_id, id, holder, state, due_at, attempt, error, at, is_counted, attempts_before)
  where d.merchant_id = r.merchant_id and d.id = r.id and d.leased_by = r.holder
  returning d.id, d.state, d.attempts`

/**
 * For how long a busy process gathers results, and how many at the most. Nobody waits for a success to be
 * written; what a process has not written when it dies is sent again, and so it is not put off for longer.
 */
const GATHER_MS = 100
const GATHER_ROWS = 200

/** The grouped record of results. */
export function createRecordDelivery(deps: { db: Database; observe?: GroupObserver }): RecordDelivery {
  return createGroupedStatement(deps, {
    name: 'delivery_record',
    text: RECORD,
    gatherMs: GATHER_MS,
    gatherRows: GATHER_ROWS,
    key: (result) => result.deliveryId,
    values: (result) => [
      result.merchantId,
      result.deliveryId,
      result.holder,
      result.state,
      result.dueAt,
      result.attempt === null ? null : JSON.stringify(result.attempt),
      result.error,
      result.at,
      result.isCounted,
      result.attemptsBefore,
    ],
    read: (row) => ({
      key: String(row.id),
      found: { state: row.state as DeliveryState, attempts: Number(row.attempts) },
    }),
  })
}
