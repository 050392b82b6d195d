// Changing SUKUMA_SECRET: everything that was sealed under a former key is sealed anew under the first one,
// beside running gateways, so that the former key can be taken away.
import type { Database } from '../db/database.ts'
import { readSealedRows, replaceSealed, type SealedPlace, type SealedRow } from './reseal-store.ts'
import { SealedError, type Sealer } from './sealed.ts'

/** A column of sealed texts, and what each of them is bound to by the key of its row. */
export type SealedColumn = SealedPlace & { contextOf(key: readonly string[]): string }

/** What was found in one column. */
export type ResealedColumn = {
  table: string
  column: string
  /** Texts by the id of the key that they are sealed under now. */
  byKey: Record<string, number>
  /** Texts that were sealed anew. */
  resealed: number
  /** Texts that no key of SUKUMA_SECRET opens. */
  unreadable: number
}

/** Rows read at a time. */
const PAGE = 500

/**
 * Walks over every sealed text. With `change`, those under a former key are sealed under the first one; a
 * text that was replaced meanwhile was sealed by its writer, and is looked at again by another run. Nothing
 * that cannot be opened is touched.
 */
export async function resealAll(
  deps: { db: Database; sealer: Sealer },
  columns: readonly SealedColumn[],
  options: { change: boolean },
): Promise<ResealedColumn[]> {
  const results: ResealedColumn[] = []
  for (const column of columns) results.push(await resealColumn(deps, column, options))
  return results
}

async function resealColumn(
  deps: { db: Database; sealer: Sealer },
  column: SealedColumn,
  options: { change: boolean },
): Promise<ResealedColumn> {
  const result: ResealedColumn = {
    table: column.table,
    column: column.column,
    byKey: {},
    resealed: 0,
    unreadable: 0,
  }
  let after: readonly string[] | null = null
  for (;;) {
    const rows: SealedRow[] = await readSealedRows(deps, column, { after, limit: PAGE })
    for (const row of rows) await resealRow(deps, column, row, { ...options, result })
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return result
    after = last.key
  }
}

async function resealRow(
  deps: { db: Database; sealer: Sealer },
  column: SealedColumn,
  row: SealedRow,
  { change, result }: { change: boolean; result: ResealedColumn },
): Promise<void> {
  const { sealer } = deps
  const context = column.contextOf(row.key)
  const plaintext = openOrNull(sealer, row.sealed, context)
  if (plaintext === null) {
    result.unreadable += 1
    return
  }
  let keyId = sealer.keyIdOf(row.sealed)
  if (change && keyId !== sealer.keyIds[0]) {
    const sealed = sealer.seal(plaintext, context)
    if (await replaceSealed(deps, column, { row, sealed })) {
      keyId = sealer.keyIdOf(sealed)
      result.resealed += 1
    }
  }
  result.byKey[keyId] = (result.byKey[keyId] ?? 0) + 1
}

function openOrNull(sealer: Sealer, sealed: Buffer, context: string): string | null {
  try {
    return sealer.open(sealed, context)
  } catch (error) {
    if (error instanceof SealedError) return null
    throw error
  }
}
