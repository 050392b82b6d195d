// The gateway's database: pool, guard and watch together, and whether it can serve right now.
import type pg from 'pg'
import { createPools, isDatabaseUnavailable } from './database.ts'
import { type GuardedDatabase, guardDatabase } from './guarded-database.ts'
import { isMigrated } from './migrate.ts'
import { createOutageWatch, type OutageWatch } from './outage.ts'
import { probeWrite } from './write-probe-store.ts'

/** An open database. */
export type OpenDatabase = GuardedDatabase & {
  /** For the few who need a transaction of their own. */
  pool: pg.Pool
  watch: OutageWatch
  /** Whether a payment could be taken now, and in public words why not; within a few seconds in any case. */
  ready(): Promise<{ ok: true } | { ok: false; reason: string }>
  /** Ends all connections; after a moment also those that still wait for an answer. */
  close(): Promise<void>
}

type Log = Parameters<typeof createOutageWatch>[0]['log']

/** The gateway is to end within 5 s all told, also while the database hangs. */
const CLOSE_GRACE_MS = 500

/** Opens the database at `url`. Nothing is asked of it yet. So many `processes` share its connections. */
export function openDatabase(deps: { log: Log }, url: string, processes = 1): OpenDatabase {
  const watch = createOutageWatch(deps)
  const pools = createPools(url, watch.connectionLost, processes)
  const guarded = guardDatabase({ ...pools, watch })
  return {
    ...guarded,
    pool: pools.pool,
    watch,
    ready: () => readiness(guarded, watch),
    async close() {
      const ended = Promise.all([pools.pool.end(), pools.plannedPool.end()])
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, CLOSE_GRACE_MS)
      await Promise.race([ended, late.promise])
      clearTimeout(timer)
    },
  }
}

async function readiness(
  guarded: GuardedDatabase,
  watch: OutageWatch,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  try {
    if (!(await isMigrated(guarded.asked))) return { ok: false, reason: 'The database is not migrated.' }
  } catch (error) {
    if (!isDatabaseUnavailable(error)) return { ok: false, reason: 'The database cannot be read.' }
    return { ok: false, reason: 'The database cannot be reached.' }
  }
  if (watch.current()?.kind !== 'write') return { ok: true }
  // Nobody sends writes to a process that is not ready: it has to try one itself.
  await probeWrite({ db: guarded.asked }).catch(() => undefined)
  return watch.current()?.kind === 'write'
    ? { ok: false, reason: 'The database takes no writes.' }
    : { ok: true }
}
