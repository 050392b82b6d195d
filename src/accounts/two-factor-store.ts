// The statements that walk over two-factor secrets and replace them, row by row.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'

/** What is encrypted of one person's second factor. */
export type TwoFactorRow = { id: Uuid; secret: string; backupCodes: string }

/** The next rows in the order of their ids, after the row `after`. */
export async function readTwoFactors(
  deps: { db: Database },
  page: { after: Uuid | null; limit: number },
): Promise<TwoFactorRow[]> {
  const found = await deps.db.query<{ id: Uuid; secret: string; backup_codes: string }>(
    `select id, secret, backup_codes from user_two_factors
     where $1::uuid is null or id > $1 order by id limit $2`,
    [page.after, page.limit],
  )
  return found.rows.map((row) => ({ id: row.id, secret: row.secret, backupCodes: row.backup_codes }))
}

/** Replaces what is encrypted of one row, if it is still what was read: a used code must not come back. */
export async function replaceTwoFactor(
  deps: { db: Database },
  row: TwoFactorRow,
  by: Pick<TwoFactorRow, 'secret' | 'backupCodes'>,
): Promise<boolean> {
  const changed = await deps.db.query(
    `update user_two_factors set secret = $4, backup_codes = $5
     where id = $1 and secret = $2 and backup_codes = $3 returning id`,
    [row.id, row.secret, row.backupCodes, by.secret, by.backupCodes],
  )
  return changed.rows.length === 1
}
