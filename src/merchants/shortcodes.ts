// Adding and changing shortcodes. Credentials go in and never come out: they are sealed under SUKUMA_SECRET.
import { credentialIdOf } from '../daraja/credential.ts'
import type { Uuid } from '../ids.ts'
import type { FieldErrors, SettingsDeps } from './merchants.ts'
import type { SealedColumn } from './reseal.ts'
import type { Sealer } from './sealed.ts'
import {
  checkCredentials,
  checkNumbers,
  isLive,
  type Shortcode,
  type ShortcodeCredentials,
  type ShortcodeEnvironment,
  type ShortcodeKind,
} from './shortcode.ts'
import {
  findEqualShortcode,
  findSealedShortcode,
  findShortcode,
  insertShortcode,
  replaceCredentials,
  setPullTransactions,
  setShortcodeDisabled,
} from './shortcode-store.ts'

/** What a new shortcode is. */
export type ShortcodeInput = {
  merchantId: Uuid
  environment: ShortcodeEnvironment
  kind: ShortcodeKind
  /** The paybill, or the store number of a till. */
  number: string
  /** For a till. */
  tillNumber?: string | null
  credentials: ShortcodeCredentials
  /** Off unless given: in production Pull Transactions must be ordered from Safaricom. */
  pullTransactions?: boolean
}

/** What became of the request. */
export type CreateShortcodeResult =
  | { code: 'created'; shortcode: Shortcode }
  /** The merchant has this one already, enabled. */
  | { code: 'duplicate'; shortcode: Shortcode }
  | { code: 'unknown_merchant' }
  | { code: 'invalid'; errors: FieldErrors }

/** Adds a shortcode to a merchant. Whether Daraja takes its credentials is for `verifyShortcode` to tell. */
export async function createShortcode(
  deps: SettingsDeps & { sealer: Sealer },
  input: ShortcodeInput,
): Promise<CreateShortcodeResult> {
  const numbers = { kind: input.kind, number: input.number, tillNumber: input.tillNumber ?? null }
  const errors = { ...checkNumbers(numbers), ...checkCredentials(input.credentials) }
  if (Object.keys(errors).length > 0) return { code: 'invalid', errors }
  const createdAt = new Date(deps.clock.now())
  const shortcode: Shortcode = {
    merchantId: input.merchantId,
    id: deps.newUuid(),
    environment: input.environment,
    live: isLive(input),
    ...numbers,
    pullTransactions: input.pullTransactions ?? false,
    createdAt,
    updatedAt: createdAt,
    verifiedAt: null,
    refusal: null,
    disabledAt: null,
  }
  const equal = await findEqualShortcode(deps, shortcode)
  if (equal !== null) return { code: 'duplicate', shortcode: equal }
  const inserted = await insertShortcode(deps, shortcode, sealFor(deps, shortcode, input.credentials))
  return inserted ? { code: 'created', shortcode } : { code: 'unknown_merchant' }
}

/** What is to change; what is not given stays. */
export type ShortcodeChange = {
  credentials?: Partial<ShortcodeCredentials>
  pullTransactions?: boolean
  disabled?: boolean
}

/** What became of the request. */
export type UpdateShortcodeResult =
  | { code: 'updated'; shortcode: Shortcode }
  | { code: 'not_found' }
  | { code: 'invalid'; errors: FieldErrors }

/** Two people who change one shortcode's credentials at once are rare; five are a script gone wrong. */
const CHANGE_ATTEMPTS = 5

/** Changes a shortcode. Other credentials count in every process within 5 s, and must be verified anew. */
export async function updateShortcode(
  deps: SettingsDeps & { sealer: Sealer },
  merchantId: Uuid,
  id: Uuid,
  change: ShortcodeChange,
): Promise<UpdateShortcodeResult> {
  const errors = checkCredentials(change.credentials ?? {})
  if (Object.keys(errors).length > 0) return { code: 'invalid', errors }
  let shortcode = await findShortcode(deps, merchantId, id)
  if (shortcode !== null && change.credentials !== undefined) {
    shortcode = await changeCredentials(deps, merchantId, id, change.credentials)
  }
  if (shortcode !== null && change.pullTransactions !== undefined) {
    const at = new Date(deps.clock.now())
    shortcode = await setPullTransactions(deps, merchantId, id, { on: change.pullTransactions, at })
  }
  if (shortcode !== null && change.disabled !== undefined) {
    const at = new Date(deps.clock.now())
    shortcode = await setShortcodeDisabled(deps, merchantId, id, { disabled: change.disabled, at })
  }
  return shortcode === null ? { code: 'not_found' } : { code: 'updated', shortcode }
}

async function changeCredentials(
  deps: SettingsDeps & { sealer: Sealer },
  merchantId: Uuid,
  id: Uuid,
  change: Partial<ShortcodeCredentials>,
): Promise<Shortcode | null> {
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt += 1) {
    const former = await findSealedShortcode(deps, merchantId, id)
    if (former === null) return null
    const kept = openCredentials(deps.sealer, former.shortcode, former.sealed)
    const sealed = sealFor(deps, former.shortcode, { ...kept, ...change })
    const changed = await replaceCredentials(deps, former, { ...sealed, at: new Date(deps.clock.now()) })
    if (changed !== null) return changed
  }
  throw new Error('the credentials of a shortcode were changed by others again and again')
}

function sealFor(
  deps: { sealer: Sealer },
  shortcode: Shortcode,
  { consumerKey, consumerSecret, passkey }: ShortcodeCredentials,
): { appId: string; sealed: Buffer } {
  const text = JSON.stringify({ consumerKey, consumerSecret, passkey })
  return {
    // Shortcodes of one app can be told by it. Tokens are shared by address as well, which is not known here.
    appId: credentialIdOf({ baseUrl: shortcode.environment, consumerKey, consumerSecret }),
    sealed: deps.sealer.seal(text, sealingContext(shortcode)),
  }
}

/** The credentials of a shortcode. Throws `SealedError` when SUKUMA_SECRET does not open them. */
export function openCredentials(
  sealer: Sealer,
  shortcode: Pick<Shortcode, 'merchantId' | 'id'>,
  sealed: Buffer,
): ShortcodeCredentials {
  // What opens was sealed by `sealFor`: nobody else has the key.
  return JSON.parse(sealer.open(sealed, sealingContext(shortcode))) as ShortcodeCredentials
}

/** The credentials of every shortcode, for a change of SUKUMA_SECRET. */
export const SEALED_CREDENTIALS: SealedColumn = {
  table: 'shortcodes',
  keys: [
    { name: 'merchant_id', type: 'uuid' },
    { name: 'id', type: 'uuid' },
  ],
  column: 'credentials_sealed',
  contextOf: ([merchantId, id]) => `shortcode:${merchantId}:${id}`,
}

function sealingContext(shortcode: Pick<Shortcode, 'merchantId' | 'id'>): string {
  return `shortcode:${shortcode.merchantId}:${shortcode.id}`
}
