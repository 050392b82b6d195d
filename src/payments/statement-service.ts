// Statements put together: what the sweep and the command line call.
import type { Statement } from '../daraja/statement.ts'
import type { Uuid } from '../ids.ts'
import { readAgainstKnown, type Settled, settleByReading } from './settle-by-statement.ts'
import type { StatementReading } from './statement-match.ts'
import type { StatementSubject } from './statement-store.ts'
import { type StatementDeps, sweepStatements } from './statement-sweep.ts'

/** A statement that somebody has brought, read against what is known. */
export type ImportedStatement =
  | {
      code: 'read'
      reading: StatementReading
      /** Null when nothing was to be settled yet. */
      settled: Settled | null
    }
  /** More is known of its time than can be looked through at once. */
  | { code: 'too_long' }

/** What statements are for. */
export type StatementService = {
  /** Pulls for the shortcodes that are due; see `sweepStatements`. */
  sweep(): Promise<number>
  /** Settles by a statement from elsewhere, or with `dryRun` only tells what it would settle. */
  importStatement(
    shortcode: StatementSubject & { merchantId: Uuid; shortcodeId: Uuid },
    statement: Statement,
    options: { dryRun: boolean },
  ): Promise<ImportedStatement>
}

/** Statements over their parts. */
export function createStatementService(deps: StatementDeps): StatementService {
  return {
    sweep: () => sweepStatements(deps),
    async importStatement(shortcode, statement, { dryRun }) {
      // Any file can be given for any shortcode: one that shows nothing known proves nothing by its gaps.
      const known = await readAgainstKnown(deps, shortcode, statement, true)
      if (known.kind === 'too_long') return { code: 'too_long' }
      const { reading } = known
      const settled = dryRun ? null : await settleByReading(deps, shortcode, reading)
      return { code: 'read', reading, settled }
    },
  }
}
