// The statements on `shortcodes`.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import { readShortcode, type Shortcode, type ShortcodeEnvironment } from './shortcode.ts'

type Row = Record<string, unknown>
type Deps = { db: Database }

/** A shortcode with its credentials as they lie in the database. */
export type SealedShortcode = { shortcode: Shortcode; sealed: Buffer }

/** Keeps a new shortcode; false when its merchant does not exist. */
export async function insertShortcode(
  deps: Deps,
  shortcode: Shortcode,
  credentials: { appId: string; sealed: Buffer },
): Promise<boolean> {
  const inserted = await deps.db.query<Row>(
    `insert into shortcodes (merchant_id, id, environment, kind, number, till_number, credential_id,
       credentials_sealed, created_at, updated_at, pull_transactions)
     select id, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10 from merchants where id = $1
     returning id`,
    [
      shortcode.merchantId,
      shortcode.id,
      shortcode.environment,
      shortcode.kind,
      shortcode.number,
      shortcode.tillNumber,
      credentials.appId,
      credentials.sealed,
      shortcode.createdAt,
      shortcode.pullTransactions,
    ],
  )
  return inserted.rows.length === 1
}

/** The enabled shortcode of the same environment and numbers, or null. */
export async function findEqualShortcode(
  deps: Deps,
  like: Pick<Shortcode, 'merchantId' | 'environment' | 'number' | 'tillNumber'>,
): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>(
    `select * from shortcodes
     where merchant_id = $1 and environment = $2 and number = $3 and till_number is not distinct from $4
       and disabled_at is null
     order by id limit 1`,
    [like.merchantId, like.environment, like.number, like.tillNumber],
  )
  return readFirst(found.rows)
}

/** One shortcode, disabled or not, or null. */
export async function findShortcode(deps: Deps, merchantId: Uuid, id: Uuid): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>('select * from shortcodes where merchant_id = $1 and id = $2', [
    merchantId,
    id,
  ])
  return readFirst(found.rows)
}

/** At most `limit` shortcodes of this paybill, store or till: the enabled ones first, then the oldest. */
export async function findShortcodesByNumber(
  deps: Deps,
  wanted: Pick<MerchantChoice, 'merchantId' | 'environments'> & { number: string; limit: number },
): Promise<Shortcode[]> {
  const found = await deps.db.query<Row>(
    `select * from shortcodes
     where merchant_id = $1 and environment = any ($2::text[]) and (number = $3 or till_number = $3)
     order by disabled_at is not null, id limit $4`,
    [wanted.merchantId, wanted.environments, wanted.number, wanted.limit],
  )
  return found.rows.map(readShortcode)
}

/** One shortcode with its sealed credentials, or null. */
export async function findSealedShortcode(
  deps: Deps,
  merchantId: Uuid,
  id: Uuid,
): Promise<SealedShortcode | null> {
  const found = await deps.db.query<Row>('select * from shortcodes where merchant_id = $1 and id = $2', [
    merchantId,
    id,
  ])
  const row = found.rows[0]
  return row === undefined ? null : readSealed(row)
}

/** What a payment may ask for; null narrows nothing. */
export type ShortcodeChoice = { live: boolean; shortcodeId: Uuid | null; number: string | null }

/** A choice among the shortcodes of one merchant. */
export type MerchantChoice = Omit<ShortcodeChoice, 'live'> & {
  merchantId: Uuid
  environments: readonly ShortcodeEnvironment[]
}

/**
 * Finds the oldest enabled shortcode that meets all of a choice, whose `number` is a paybill, store or till;
 * undefined when none does.
 */
export type ChooseShortcode = GroupedStatement<MerchantChoice, SealedShortcode>

/**
 * Choices in groups. The merchant's own few are taken first (`offset 0`): a plan that was made before the
 * table was analysed took the index of all numbers, and read through every merchant's for each payment.
 */
export function createChooseShortcode(deps: Deps): ChooseShortcode {
  return createGroupedStatement(deps, {
    name: 'choose_shortcode',
    text: `
      select x.key, s.* from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::text[])
        as x (key, merchant_id, environments, shortcode_id, number)
      cross join lateral (
        select * from (select * from shortcodes where merchant_id = x.merchant_id offset 0) s
        where s.environment = any (string_to_array(x.environments, ','))
          and s.disabled_at is null
          and (x.shortcode_id is null or s.id = x.shortcode_id)
          and (x.number is null or s.number = x.number or s.till_number = x.number)
        order by s.id limit 1
      ) s`,
    key: keyOfChoice,
    values: (wanted) => [
      ...[keyOfChoice(wanted), wanted.merchantId, wanted.environments.join(',')],
      ...[wanted.shortcodeId, wanted.number],
    ],
    read: (row) => ({ key: row.key as string, found: readSealed(row) }),
  })
}

function keyOfChoice({ merchantId, environments, shortcodeId, number }: MerchantChoice): string {
  return [merchantId, environments, shortcodeId, number].join(' ')
}

/** At most `limit` shortcodes of one side, newest first, older than `before`; disabled ones included. */
export async function listShortcodes(
  deps: Deps,
  owner: { merchantId: Uuid; live: boolean },
  page: { limit: number; before: Uuid | null },
): Promise<Shortcode[]> {
  const found = await deps.db.query<Row>(
    `select * from shortcodes
     where merchant_id = $1 and (environment = 'production') = $2 and ($3::uuid is null or id < $3)
     order by id desc limit $4`,
    [owner.merchantId, owner.live, page.before, page.limit],
  )
  return found.rows.map(readShortcode)
}

/**
 * Puts other credentials in the place of `former`. Null when there is no such shortcode, or its credentials
 * are no longer those: somebody else has changed them meanwhile.
 */
export async function replaceCredentials(
  deps: Deps,
  { shortcode, sealed: former }: SealedShortcode,
  by: { appId: string; sealed: Buffer; at: Date },
): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>(
    `update shortcodes
     set credentials_sealed = $4, credential_id = $5, updated_at = $6, verified_at = null
     where merchant_id = $1 and id = $2 and credentials_sealed = $3
     returning *`,
    [shortcode.merchantId, shortcode.id, former, by.sealed, by.appId, by.at],
  )
  return readFirst(found.rows)
}

/** Disables or enables a shortcode; one that is so already keeps its time. Null when there is none. */
export async function setShortcodeDisabled(
  deps: Deps,
  merchantId: Uuid,
  id: Uuid,
  change: { disabled: boolean; at: Date },
): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>(
    `update shortcodes
     set disabled_at = case when $3 then coalesce(disabled_at, $4::timestamptz) end, updated_at = $4
     where merchant_id = $1 and id = $2
     returning *`,
    [merchantId, id, change.disabled, change.at],
  )
  return readFirst(found.rows)
}

/** Turns the pulling of its statement on or off. Null when there is no such shortcode. */
export async function setPullTransactions(
  deps: Deps,
  merchantId: Uuid,
  id: Uuid,
  change: { on: boolean; at: Date },
): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>(
    `update shortcodes set pull_transactions = $3, updated_at = $4
     where merchant_id = $1 and id = $2
     returning *`,
    [merchantId, id, change.on, change.at],
  )
  return readFirst(found.rows)
}

/** Notes that Daraja gave a token for these very credentials. Null when they are others by now. */
export async function markShortcodeVerified(
  deps: Deps,
  { shortcode, sealed }: SealedShortcode,
  at: Date,
): Promise<Shortcode | null> {
  const found = await deps.db.query<Row>(
    `update shortcodes set verified_at = $4
     where merchant_id = $1 and id = $2 and credentials_sealed = $3
     returning *`,
    [shortcode.merchantId, shortcode.id, sealed, at],
  )
  return readFirst(found.rows)
}

function readSealed(row: Row): SealedShortcode {
  return { shortcode: readShortcode(row), sealed: row.credentials_sealed as Buffer }
}

function readFirst(rows: Row[]): Shortcode | null {
  const row = rows[0]
  return row === undefined ? null : readShortcode(row)
}
