// The statements of one process, wired beside its payments.
import type { Clock } from './clock.ts'
import type { DarajaClient } from './daraja/client.ts'
import type { Database } from './db/database.ts'
import type { Uuid, UuidSource } from './ids.ts'
import type { Logger } from './log.ts'
import type { PaymentDeps } from './payments/payment-deps.ts'
import { createPaymentStore } from './payments/payment-store.ts'
import { createStatementService, type StatementService } from './payments/statement-service.ts'
import { createStatementStore } from './payments/statement-store.ts'

/** What statements are wired with. */
export type StatementParts = Pick<
  PaymentDeps,
  'shortcodes' | 'deliver' | 'waiters' | 'observe' | 'untilAvailable'
> & {
  clock: Clock
  log: Logger
  newUuid: UuidSource
  process: Uuid
  db: Database
  daraja: Pick<DarajaClient, 'pull'>
  onPull(outcome: string): void
}

/** Wires them. */
export function createStatements(parts: StatementParts): StatementService {
  const { db } = parts
  return createStatementService({
    ...parts,
    store: createPaymentStore({ db }),
    statements: createStatementStore({ db }),
  })
}
