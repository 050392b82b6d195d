// What the least imaginable gateway writes of a payment: the same table and indexes, one statement a group.
import type pg from 'pg'

/** A payment as the baseline knows it. */
export type BaselinePayment = { id: string; phone: string; amountKes: number; reference: string }

const INSERT = {
  name: 'baseline_insert',
  text: `
    insert into payments (
      merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference, expires_at, due_at,
      created_at, updated_at)
    select $1::uuid, x.id, $1::uuid, 'sandbox', false, 'queued', x.amount, x.phone, x.reference,
      now() + interval '2 minutes', now(), now(), now()
    from unnest($2::uuid[], $3::text[], $4::integer[], $5::text[]) as x (id, phone, amount, reference)`,
}

/** Commits the payments of one group, all of one merchant. */
export async function insertBaselinePayments(
  pool: pg.Pool,
  merchantId: string,
  group: readonly BaselinePayment[],
): Promise<void> {
  const values = [
    merchantId,
    group.map((payment) => payment.id),
    group.map((payment) => payment.phone),
    group.map((payment) => payment.amountKes),
    group.map((payment) => payment.reference),
  ]
  await pool.query({ ...INSERT, values })
}

/** How many there are. */
export async function countBaselinePayments(pool: pg.Pool): Promise<number> {
  const found = await pool.query<{ count: number }>('select count(*)::integer as count from payments')
  return found.rows[0]?.count ?? 0
}
