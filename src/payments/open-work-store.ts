// Whether there is anything for the sweeps to look for: one statement in place of five while all is quiet.
import type { Database, NamedStatement } from '../db/database.ts'

/** What may be found: true where a sweep is worth its own statements, false where it would find nothing. */
export type OpenWork = {
  /** Payments wait to be sent, or to expire. */
  queued: boolean
  /** Payments whose sender died, or whose prompt is over. */
  lapsed: boolean
  /** Payments that M-Pesa can be asked about, now or later. */
  askable: boolean
  /** Payments that a statement may settle. */
  uncertain: boolean
}

// Each looks into the index of the sweep that it stands for, and asks for no more than that sweep does.
const LOOK = `
  select
    exists (select 1 from payments where state = 'queued') as queued,
    exists (
      select 1 from payments
      where due_at <= $1 and due_at is not null
        and (state in ('sending', 'pending') or (state = 'uncertain' and checkout_request_id is null))
    ) as lapsed,
    exists (
      select 1 from payments
      where due_at is not null and state in ('pending', 'uncertain') and checkout_request_id is not null
    ) as askable,
    exists (select 1 from payments where state = 'uncertain') as uncertain`

/** Looks at all payments, whoever's they are. */
export async function lookForOpenWork(deps: { db: Database }, now: Date): Promise<OpenWork> {
  // Where the grouped statements run too: once a second, it keeps a connection for the next customer.
  const statement: NamedStatement = { name: 'open_work', text: LOOK, values: [now], isPlannedOnce: true }
  const found = await deps.db.query<OpenWork>(statement)
  return found.rows[0] ?? { queued: true, lapsed: true, askable: true, uncertain: true }
}
