// Commit ①: the insert that makes a payment, and the look-up of the one that an idempotency key names.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import { PATIENCE_MS } from '../db/guarded-database.ts'
import type { Uuid } from '../ids.ts'
import { type Payment, readPayment } from './payment.ts'

/** A payment about to be committed: `queued`, or `sending` under the lease of the process that sends it. */
export type PaymentInsert = {
  payment: Payment
  idempotencyKey: string | null
  requestHash: Buffer | null
  dueAt: Date
  leasedBy: Uuid | null
  leasedUntil: Date | null
}

/** Resolves to the payment's number; undefined when its idempotency key (or id) is taken already. */
export type InsertPayment = GroupedStatement<PaymentInsert, number>

const INSERT = `
  insert into payments (
    merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference, description, tag,
    metadata, idempotency_key, request_hash, expires_at, due_at, leased_by, leased_until, created_at,
    updated_at, sent_at)
  select * from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::boolean[], $6::text[], $7::integer[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::bytea[], $15::timestamptz[],
    $16::timestamptz[], $17::uuid[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
    $21::timestamptz[])
  on conflict do nothing
  returning id, number`

/**
 * Shops wait for this: with so many rows a run costs little more a row than with all there are, and while
 * PostgreSQL writes them this process answers those before and reads those after. Without it the rows of 64
 * busy connections gather in one run, and each of the two waits for the other by turns.
 */
const GATHER_ROWS = 32

/** The grouped insert of payments. */
export function createInsertPayment(deps: { db: Database; observe?: GroupObserver }): InsertPayment {
  return createGroupedStatement(deps, {
    name: 'payment_insert',
    // A client waits: it hears in time that nothing was sent, and the row is disowned should it be there.
    patienceMs: PATIENCE_MS,
    gatherRows: GATHER_ROWS,
    text: INSERT,
    key: (row) => row.payment.id,
    values: insertValues,
    read: (row) => ({ key: String(row.id), found: Number(row.number) }),
  })
}

function insertValues(row: PaymentInsert): unknown[] {
  const { payment } = row
  return [
    payment.merchantId,
    payment.id,
    payment.shortcodeId,
    payment.environment,
    payment.live,
    payment.state,
    payment.amountKes,
    payment.phone,
    payment.reference,
    payment.description,
    payment.tag,
    payment.metadata === null ? null : JSON.stringify(payment.metadata),
    row.idempotencyKey,
    row.requestHash,
    payment.expiresAt,
    row.dueAt,
    row.leasedBy,
    row.leasedUntil,
    payment.createdAt,
    payment.updatedAt,
    payment.sentAt,
  ]
}

/** The payment that an idempotency key names, with the hash of the request that made it. */
export async function findByIdempotencyKey(
  deps: { db: Database },
  key: { merchantId: Uuid; live: boolean; idempotencyKey: string },
): Promise<{ payment: Payment; requestHash: Buffer } | null> {
  const found = await deps.db.query<Record<string, unknown>>(
    'select * from payments where merchant_id = $1 and live = $2 and idempotency_key = $3',
    [key.merchantId, key.live, key.idempotencyKey],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  // It is deleted with a number that is forgotten, and then equals no request's.
  const requestHash = Buffer.isBuffer(row.request_hash) ? row.request_hash : Buffer.alloc(0)
  return { payment: readPayment(row), requestHash }
}
