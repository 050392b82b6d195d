// The statements of the plain gateway: one a step, each by itself, and a table of jobs beside the payments.
import type pg from 'pg'

/** A webhook to send. */
export type PlainJob = { id: string; payment_id: string; phone: string; amount: number; receipt: string }

const TABLES = `
  create table plain_payments (
    id uuid primary key, phone text not null, amount integer not null, reference text not null,
    status text not null default 'pending', checkout_request_id text unique, receipt text,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now());
  create table plain_jobs (
    id bigserial primary key, payment_id uuid not null references plain_payments (id),
    attempts integer not null default 0, run_at timestamptz not null default now(), locked_until timestamptz);
  create index plain_jobs_due on plain_jobs (run_at)`

/** Makes its two tables. */
export async function makePlainTables(pool: pg.Pool): Promise<void> {
  await pool.query(TABLES)
}

/** ① The payment. */
export async function insertPlainPayment(
  pool: pg.Pool,
  payment: { id: string; phone: string; amountKes: number; reference: string },
): Promise<void> {
  await pool.query('insert into plain_payments (id, phone, amount, reference) values ($1, $2, $3, $4)', [
    payment.id,
    payment.phone,
    payment.amountKes,
    payment.reference,
  ])
}

/** ② Daraja's id. */
export async function setCheckout(pool: pg.Pool, id: string, checkoutRequestId: string): Promise<void> {
  await pool.query('update plain_payments set checkout_request_id = $2, updated_at = now() where id = $1', [
    id,
    checkoutRequestId,
  ])
}

/** ③ The verdict and the job of telling it, in one transaction. */
export async function settlePlainPayment(pool: pg.Pool, id: string, receipt: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const settled = await client.query(
      `update plain_payments set status = 'paid', receipt = $2, updated_at = now()
       where id = $1 and status = 'pending'`,
      [id, receipt],
    )
    if (settled.rowCount === 1) await client.query('insert into plain_jobs (payment_id) values ($1)', [id])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** Takes one job that is due, for half a minute. */
export async function takeJob(pool: pg.Pool): Promise<PlainJob | null> {
  const taken = await pool.query<PlainJob>(
    `update plain_jobs j set locked_until = now() + interval '30 seconds', attempts = attempts + 1
     from plain_payments p
     where p.id = j.payment_id and j.id = (
       select id from plain_jobs where run_at <= now() and (locked_until is null or locked_until < now())
       order by run_at limit 1 for update skip locked)
     returning j.id, p.id as payment_id, p.phone, p.amount, p.receipt`,
  )
  return taken.rows[0] ?? null
}

/** ④ The job is done. */
export async function endJob(pool: pg.Pool, id: string): Promise<void> {
  await pool.query('delete from plain_jobs where id = $1', [id])
}

/** Payments and jobs that are not done. */
export async function countPlainOpen(pool: pg.Pool): Promise<number> {
  const found = await pool.query<{ open: number }>(
    `select ((select count(*) from plain_payments where status = 'pending')
      + (select count(*) from plain_jobs))::integer as open`,
  )
  return found.rows[0]?.open ?? 0
}
