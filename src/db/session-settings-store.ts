// Whether our connections have what they ask for. A connection pooler that is told to ignore what it does not
// know drops it without a word: a statement that hangs is then stuck for good, and plans may be scans.
import { type Database, SESSION_SETTINGS } from './database.ts'

type Log = { warn(fields: object, text: string): void }
type LostSetting = { name: string; is: string; wanted: string }

async function findLostSettings(deps: { db: Database }): Promise<LostSetting[]> {
  const found = await deps.db.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from unnest($1::text[]) as asked (name)',
    [Object.keys(SESSION_SETTINGS)],
  )
  return found.rows.flatMap(({ name, value }) => {
    const wanted = SESSION_SETTINGS[name]
    return wanted === undefined || wanted === value ? [] : [{ name, is: value, wanted }]
  })
}

/** Says in the log which settings the connections of `db` lack, and what to do about it. */
export async function tellLostSettings(deps: { db: Database; log: Log }): Promise<void> {
  const lost = await findLostSettings(deps)
  if (lost.length === 0) return
  const remedy = lost.map(({ name, wanted }) => `alter role … set ${name} = '${wanted}'`).join('; ')
  deps.log.warn({ lost, remedy }, 'what stands before the database drops settings of our connections')
}
