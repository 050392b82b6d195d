// Changing SUKUMA_SECRET: two-factor secrets are encrypted by the sign-in library, in a form of its own, and
// are brought under the first key like everything that is sealed.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { ResealedColumn } from '../merchants/reseal.ts'
import { deriveAuthKeys } from './auth-keys.ts'
import { readTwoFactors, replaceTwoFactor, type TwoFactorRow } from './two-factor-store.ts'

type Deps = { db: Database; secretKeys: readonly Buffer[] }
/** Encrypts a text anew under the first key; null when no key opens it. */
type Renew = (text: string) => Promise<string | null>

/** Rows read at a time. */
const PAGE = 100
/** The library's envelope: the version of the key, which is the sealer's id of it. */
const ENVELOPE = /^\$ba\$(\d+)\$/
const KEY_ID_DIGITS = 8

/** Walks over every two-factor secret, as `resealAll` does over what is sealed. */
export async function resealTwoFactors(deps: Deps, options: { change: boolean }): Promise<ResealedColumn> {
  const result: ResealedColumn = {
    table: 'user_two_factors',
    column: 'secret, backup_codes',
    byKey: {},
    resealed: 0,
    unreadable: 0,
  }
  let after: Uuid | null = null
  let renew: Renew | null = null
  for (;;) {
    const rows: TwoFactorRow[] = await readTwoFactors(deps, { after, limit: PAGE })
    for (const row of rows) {
      // The library is loaded when there is something to do.
      renew ??= await createRenew(deps)
      await resealRow(deps, row, { ...options, renew, result })
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return result
    after = last.id
  }
}

async function resealRow(
  deps: Deps,
  row: TwoFactorRow,
  { change, renew, result }: { change: boolean; renew: Renew; result: ResealedColumn },
): Promise<void> {
  const [secret, backupCodes] = [await renew(row.secret), await renew(row.backupCodes)]
  if (secret === null || backupCodes === null) {
    result.unreadable += 1
    return
  }
  const first = keyIdOf(secret)
  let keyIds = [keyIdOf(row.secret), keyIdOf(row.backupCodes)]
  const isFormer = keyIds.some((id) => id !== first)
  if (change && isFormer && (await replaceTwoFactor(deps, row, { secret, backupCodes }))) {
    keyIds = [first]
    result.resealed += 1
  }
  const shown = keyIds.find((id) => id !== first) ?? first
  result.byKey[shown] = (result.byKey[shown] ?? 0) + 1
}

async function createRenew({ secretKeys }: Deps): Promise<Renew> {
  const { symmetricDecrypt, symmetricEncrypt } = await import('better-auth/crypto')
  const keys = deriveAuthKeys(secretKeys)
  const key = {
    keys: new Map(keys.map(({ version, value }) => [version, value])),
    currentVersion: keys[0]?.version ?? 0,
  }
  return async (text) => {
    const data = await symmetricDecrypt({ key, data: text }).catch(() => null)
    return data === null ? null : symmetricEncrypt({ key, data })
  }
}

function keyIdOf(text: string): string {
  const version = ENVELOPE.exec(text)?.[1] ?? '0'
  return Number(version).toString(16).padStart(KEY_ID_DIGITS, '0')
}
