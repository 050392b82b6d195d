// The keys that read a history: its merchant's own, a small merchant's, and two of the large one's that see
// nothing of it, and for which nothing of it may be looked through.
import { systemClock } from '../src/clock.ts'
import type { Database } from '../src/db/database.ts'
import { createUuidSource } from '../src/ids.ts'
import { createApiKey } from '../src/merchants/api-keys.ts'
import { createSealer } from '../src/merchants/sealed.ts'
import { createShortcode } from '../src/merchants/shortcodes.ts'
import type { Reader } from './read-kinds.ts'
import type { Shop } from './shops.ts'

const OTHER_NUMBER = '600999'

/** Makes those that `large` and `small` have not. */
export async function makeReadKeys(
  db: Database,
  secret: Buffer,
  { large, small }: { large: Shop; small: Shop },
): Promise<Record<Reader, string>> {
  const deps = {
    db,
    clock: systemClock,
    newUuid: createUuidSource(systemClock),
    sealer: createSealer([secret]),
  }
  const { merchantId } = large
  const other = await createShortcode(deps, {
    ...{ merchantId, environment: 'sandbox', kind: 'paybill', number: OTHER_NUMBER },
    credentials: { consumerKey: 'unused', consumerSecret: 'unused', passkey: 'unused' },
  })
  if (other.code !== 'created') throw new Error(`the other shortcode: ${other.code}`)
  const live = await createApiKey(deps, { merchantId, live: true, name: 'live' })
  const shortcodeId = other.shortcode.id
  const bound = await createApiKey(deps, { merchantId, live: false, shortcodeId, name: 'bound' })
  if (live.code !== 'created' || bound.code !== 'created') throw new Error('the keys were not made')
  return { large: large.apiKey, small: small.apiKey, live: live.text, bound: bound.text }
}
