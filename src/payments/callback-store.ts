// Callbacks that changed no state are kept here, so that a dispute can be looked into; in bounded number.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'

/** Why a callback is kept apart. */
export type OddCallbackKind = 'duplicate' | 'receipt' | 'contradicted' | 'refused' | 'hint' | 'unmatched'

/** One callback that changed no state. */
export type OddCallback = {
  id: Uuid
  /** Null when it matches no payment. */
  payment: { merchantId: Uuid; id: Uuid } | null
  kind: OddCallbackKind
  reason: string
  body: string
  ip: string | null
  receivedAt: Date
}

/** Whoever has a payment's token could send these without end. */
const PER_PAYMENT_MAX = 20
/** Unmatched ones belong to nobody: the newest are enough to see what is going on. */
const UNMATCHED_MAX = 1_000
/** The merchant of what belongs to nobody. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

// What comes after the payment's number was forgotten must not bring it back.
const KEEP_OF_PAYMENT = `
  insert into callbacks (merchant_id, id, payment_id, kind, reason, body, ip, received_at)
  select $1, $2, $3, $4, $5,
    case when (select phone from payments where merchant_id = $1 and id = $3) like '%*%'
      then without_phones($6) else $6 end, $7, $8
  where (select count(*) from callbacks where merchant_id = $1 and payment_id = $3) < ${PER_PAYMENT_MAX}`

// The row that is too many goes with the row that comes, so that there is no moment of more: no flood waits
// for a later clearing up.
const KEEP_UNCLAIMED = `
  with made_room as (
    delete from callbacks where merchant_id = $1 and id <= (
      select id from callbacks where merchant_id = $1 order by id desc offset ${UNMATCHED_MAX - 1} limit 1)
  )
  insert into callbacks (merchant_id, id, payment_id, kind, reason, body, ip, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`

/** Keeps `callback`: of a payment a few, and the newest of those that belong to none. */
export async function keepOddCallback(deps: { db: Database }, callback: OddCallback): Promise<void> {
  await deps.db.query(callback.payment === null ? KEEP_UNCLAIMED : KEEP_OF_PAYMENT, [
    callback.payment?.merchantId ?? NOBODY,
    callback.id,
    callback.payment?.id ?? null,
    callback.kind,
    callback.reason,
    callback.body,
    callback.ip,
    callback.receivedAt,
  ])
}

/** The kept callbacks of one payment, oldest first. */
export async function listOddCallbacks(
  deps: { db: Database },
  payment: { merchantId: Uuid; id: Uuid },
): Promise<OddCallback[]> {
  const found = await deps.db.query<{
    id: Uuid
    kind: OddCallbackKind
    reason: string
    body: string
    ip: string | null
    received_at: Date
  }>(
    `select id, kind, reason, body, ip, received_at from callbacks
     where merchant_id = $1 and payment_id = $2 order by id`,
    [payment.merchantId, payment.id],
  )
  return found.rows.map(({ received_at, ...row }) => ({ ...row, payment, receivedAt: received_at }))
}
