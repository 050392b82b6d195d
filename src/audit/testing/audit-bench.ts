// A chain of a merchant on a database of its own, for the tests of the audit log.
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { createUuidSource, type Uuid } from '../../ids.ts'
import { type Logger, silentLogger } from '../../log.ts'
import { createMerchant } from '../../merchants/merchants.ts'
import type { AuditEntry } from '../audit-entry.ts'
import { type AuditLog, createAuditLog } from '../audit-log.ts'

/** The bench; dispose of it. */
export type AuditBench = AsyncDisposable & {
  db: TestDatabase
  audit: AuditLog
  merchantId: Uuid
  addMerchant(): Promise<Uuid>
  /** Another process on the same database. */
  anotherLog(changes?: { db?: Database; log?: Logger }): AuditLog
  /** Records so many entries. */
  fill(count: number, changes?: Partial<AuditEntry>): Promise<void>
  /** As whoever owns the tables can: past the triggers that keep them. */
  tamper(statement: string, values?: unknown[]): Promise<void>
}

/** An entry of `merchantId`. */
export function sampleEntry(merchantId: Uuid, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    merchantId,
    live: false,
    actor: { kind: 'user', id: 'u1', email: 'amina@shop.example', role: 'owner' },
    ip: '196.201.214.10',
    userAgent: 'Firefox',
    action: 'webhook_endpoint.updated',
    target: { id: 'we_1', name: 'https://shop.example/hook' },
    changes: { status: { from: 'enabled', to: 'disabled' } },
    ...changes,
  }
}

/** Makes a bench with one merchant. */
export async function createAuditBench(options: { clock?: Clock } = {}): Promise<AuditBench> {
  const db = await createTestDatabase()
  const clock = options.clock ?? systemClock
  const newUuid = createUuidSource(clock)
  const base = { db: db.pool, clock, newUuid }
  const addMerchant = async () => {
    const made = await createMerchant(base, { name: 'Duka' })
    if (made.code !== 'created') throw new Error(made.code)
    return made.merchant.id
  }
  const merchantId = await addMerchant()
  const anotherLog: AuditBench['anotherLog'] = (changes = {}) =>
    createAuditLog({ ...base, newUuid: createUuidSource(clock), log: silentLogger, ...changes })
  const audit = anotherLog()
  return {
    db,
    audit,
    merchantId,
    addMerchant,
    anotherLog,
    async fill(count, changes) {
      for (let made = 0; made < count; made += 1) await audit.record(sampleEntry(merchantId, changes))
    },
    async tamper(statement, values = []) {
      const client = await db.pool.connect()
      try {
        await client.query('begin')
        await client.query('alter table audit_entries disable trigger all')
        await client.query('alter table audit_heads disable trigger user')
        await client.query(statement, values)
        await client.query('alter table audit_entries enable trigger all')
        await client.query('alter table audit_heads enable trigger user')
        await client.query('commit')
      } finally {
        client.release()
      }
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
}
