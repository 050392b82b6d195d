// The statements on `merchant_settings`, and on the merchant's name, which is set with them.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import {
  DEFAULT_SETTINGS,
  type KeptSettings,
  type Language,
  type MerchantSettings,
} from './merchant-settings.ts'

type Row = Record<string, unknown>

/** What a merchant has set, and the defaults for all else; null when there is no such merchant. */
export async function readMerchantSettings(
  deps: { db: Database },
  merchantId: Uuid,
): Promise<KeptSettings | null> {
  const { rows } = await deps.db.query<Row>(
    `select m.name, to_jsonb(s) as kept, s.updated_at
     from merchants m left join merchant_settings s on s.merchant_id = m.id
     where m.id = $1`,
    [merchantId],
  )
  const row = rows[0]
  return row === undefined ? null : readRow(row)
}

/** Sets what `change` names, and leaves all else as it is; one statement, so that changes at once add up. */
export async function writeMerchantSettings(
  deps: { db: Database },
  merchantId: Uuid,
  change: Partial<MerchantSettings>,
  at: Date,
): Promise<void> {
  const { name, ...kept } = change
  const row = { ...kept, merchant_id: merchantId, updated_at: at.toISOString() }
  await deps.db.query(WRITE, [
    merchantId,
    name ?? null,
    JSON.stringify({ ...DEFAULT_SETTINGS, ...row }),
    JSON.stringify(row),
  ])
}

const COLUMNS = Object.keys(DEFAULT_SETTINGS).join(', ')
const WRITE = `
  with named as (update merchants set name = $2 where id = $1 and $2::text is not null)
  insert into merchant_settings as s
  select r.* from jsonb_populate_record(null::merchant_settings, $3::jsonb) as r
  on conflict (merchant_id) do update set (${COLUMNS}, updated_at) = (
    select ${COLUMNS}, updated_at from jsonb_populate_record(s, $4::jsonb)
  )`

/** The checks of the schema vouch for the values: this is the one place that casts. */
function readRow(row: Row): KeptSettings {
  const kept = row.kept === null ? DEFAULT_SETTINGS : pickSettings(row.kept as Row)
  return { settings: { ...kept, name: row.name as string }, updatedAt: row.updated_at as Date | null }
}

function pickSettings(kept: Row): Omit<MerchantSettings, 'name'> {
  return {
    time_zone: kept.time_zone as string,
    language: kept.language as Language,
    phone_retention_days: kept.phone_retention_days as number | null,
    alert_emails: kept.alert_emails as string[],
    alert_failures: kept.alert_failures as boolean,
    alert_failures_percent: kept.alert_failures_percent as number,
    alert_failures_minutes: kept.alert_failures_minutes as number,
    alert_failures_payments_min: kept.alert_failures_payments_min as number,
    alert_endpoint_disabled: kept.alert_endpoint_disabled as boolean,
    alert_contradiction: kept.alert_contradiction as boolean,
    alert_credentials: kept.alert_credentials as boolean,
    alert_test_side: kept.alert_test_side as boolean,
  }
}
