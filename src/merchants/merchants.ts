// Making merchants. Reading them needs no rules: see `merchant-store.ts`.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { UuidSource } from '../ids.ts'
import { insertMerchant, type Merchant } from './merchant-store.ts'
import { NAME_HINT, parseName } from './name.ts'

/** What is wrong with a request: the field's name and what to tell its sender. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** What the functions that make and change settings work with. */
export type SettingsDeps = { db: Database; clock: Clock; newUuid: UuidSource }

/** What became of the request. */
export type CreateMerchantResult =
  | { code: 'created'; merchant: Merchant }
  | { code: 'invalid'; errors: FieldErrors }

/** Makes a merchant. Names need not be unique. */
export async function createMerchant(
  deps: SettingsDeps,
  input: { name: string },
): Promise<CreateMerchantResult> {
  const name = parseName(input.name)
  if (name === null) return { code: 'invalid', errors: { name: [NAME_HINT] } }
  const merchant = { id: deps.newUuid(), name, createdAt: new Date(deps.clock.now()) }
  if (!(await insertMerchant(deps, merchant))) throw new Error('a new merchant id was taken already')
  return { code: 'created', merchant }
}
