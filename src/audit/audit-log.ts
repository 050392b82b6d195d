// The audit log: entries are added to their merchant's chain right after what they tell of was done.
import type { Clock } from '../clock.ts'
import { type Database, isDatabaseUnavailable } from '../db/database.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { AuditEntry } from './audit-entry.ts'
import { type AuditFilter, type ChainEntry, insertEntry, listEntries } from './audit-store.ts'
import type { EntryFields } from './entry-encoding.ts'
import { entryFields } from './entry-fields.ts'

/** What records. */
export type AuditLog = {
  /**
   * Keeps an entry; call it when what it tells of has been done, and before that is answered. Never rejects:
   * what was done is done, and an error in its place would have somebody do it again. True when the entry
   * stands in the chain; false when it could not be written now, and was logged, whole, as an error. It is
   * tried again until it is written or the process ends.
   */
  record(entry: AuditEntry): Promise<boolean>
  /** Runs `work`, which records what nobody is to wait for: how long that takes would tell a stranger. */
  later(work: () => Promise<unknown>): void
  /** Resolves when all that was left for later has been done. */
  idle(): Promise<unknown>
  /** A merchant's entries, newest first, before the one numbered `before`. */
  list(merchantId: Uuid, filter: AuditFilter, page: AuditPage): Promise<ChainEntry[]>
  /** Writes what could not be written before; how many of it now are. */
  sweep(): Promise<number>
  /** How many wait to be written. */
  waiting(): number
}

/** A page of entries that was asked for. */
export type AuditPage = { limit: number; before: bigint | null }

/** What the log works with; `db` must say no in time, as somebody waits for its answer. */
export type AuditDeps = { db: Database; clock: Clock; newUuid: UuidSource; log: Logger }

/** A few megabytes. Whoever makes that many changes in one outage has the rest in the process's own log. */
const WAITING_MAX = 1_000

/** The log of one process. */
export function createAuditLog(deps: AuditDeps): AuditLog {
  const waiting = new Map<Uuid, EntryFields>()
  const underWay = new Set<Promise<unknown>>()

  async function write(fields: EntryFields): Promise<boolean> {
    try {
      await insertEntry(deps, fields)
      waiting.delete(fields.id)
      return true
    } catch (error) {
      const isKept = waiting.has(fields.id)
      // One that can never be written must not be tried for ever.
      if (!isDatabaseUnavailable(error)) waiting.delete(fields.id)
      else if (!isKept && waiting.size < WAITING_MAX) waiting.set(fields.id, fields)
      const willBeTried = waiting.has(fields.id)
      if (isKept && willBeTried) return false
      deps.log.error({ err: error, entry: fields, willBeTried }, 'an audit entry could not be written')
      return false
    }
  }

  return {
    record: (entry) => write(entryFields(deps, entry)),
    later(work) {
      const done = work()
        .catch((error: unknown) => deps.log.error({ err: error }, 'what was to be recorded is not known'))
        .finally(() => underWay.delete(done))
      underWay.add(done)
    },
    idle: () => Promise.all(underWay),
    list: (merchantId, filter, page) => listEntries(deps, merchantId, filter, page),
    async sweep() {
      let written = 0
      for (const fields of [...waiting.values()]) {
        // While the database is away the rest need not be tried.
        if (await write(fields)) written += 1
        else if (waiting.has(fields.id)) break
      }
      return written
    },
    waiting: () => waiting.size,
  }
}
