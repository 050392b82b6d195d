// Changing what a merchant has set for itself.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { parseTimeZone, TIME_ZONE_HINT } from '../local-time.ts'
import { ALERT_EMAILS_MAX, type KeptSettings, type MerchantSettings } from './merchant-settings.ts'
import { readMerchantSettings, writeMerchantSettings } from './merchant-settings-store.ts'
import type { FieldErrors } from './merchants.ts'
import { NAME_HINT, parseName } from './name.ts'

/** What became of a change. */
export type ChangeSettingsResult =
  | { code: 'changed'; before: MerchantSettings; after: KeptSettings }
  | { code: 'not_found' }
  | { code: 'invalid'; errors: FieldErrors }

/** Sets what `change` names. Addresses are kept in lower case, each once; numbers must be within bounds. */
export async function changeMerchantSettings(
  deps: { db: Database; clock: Clock },
  merchantId: Uuid,
  change: Partial<MerchantSettings>,
): Promise<ChangeSettingsResult> {
  const checked = checkChange(change)
  if ('errors' in checked) return { code: 'invalid', errors: checked.errors }
  const before = await readMerchantSettings(deps, merchantId)
  if (before === null) return { code: 'not_found' }
  if (Object.keys(checked.change).length === 0) {
    return { code: 'changed', before: before.settings, after: before }
  }
  await writeMerchantSettings(deps, merchantId, checked.change, new Date(deps.clock.now()))
  const after = await readMerchantSettings(deps, merchantId)
  return after === null ? { code: 'not_found' } : { code: 'changed', before: before.settings, after }
}

type Checked = { change: Partial<MerchantSettings> } | { errors: FieldErrors }

function checkChange(given: Partial<MerchantSettings>): Checked {
  const errors: Record<string, string[]> = {}
  const change = { ...given }
  if (given.name !== undefined) {
    const name = parseName(given.name)
    if (name === null) errors.name = [NAME_HINT]
    else change.name = name
  }
  if (given.time_zone !== undefined) {
    const zone = parseTimeZone(given.time_zone)
    if (zone === null) errors.time_zone = [TIME_ZONE_HINT]
    else change.time_zone = zone
  }
  if (given.alert_emails !== undefined) {
    change.alert_emails = [...new Set(given.alert_emails.map((email) => email.trim().toLowerCase()))]
    if (change.alert_emails.length > ALERT_EMAILS_MAX) {
      errors.alert_emails = [`must be at most ${ALERT_EMAILS_MAX} addresses`]
    }
  }
  return Object.keys(errors).length > 0 ? { errors } : { change }
}
