// Which shortcode a payment goes through, and what Daraja must be told for it. On the path of every payment,
// so each answer is remembered until something of its merchant is changed.
import type { Clock } from '../clock.ts'
import { credentialIdOf, type DarajaCredential } from '../daraja/credential.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { ChangeFeed } from './change-feed.ts'
import { createReadCache, followed, type ReadStart } from './read-cache.ts'
import type { Sealer } from './sealed.ts'
import { isShortcodeNumber, type Shortcode, type ShortcodeEnvironment } from './shortcode.ts'
import {
  createChooseShortcode,
  findSealedShortcode,
  type MerchantChoice,
  type SealedShortcode,
  type ShortcodeChoice,
} from './shortcode-store.ts'
import { openCredentials } from './shortcodes.ts'

/** Where Daraja is, by environment; null where this process knows none. */
export type DarajaUrls = Readonly<Record<ShortcodeEnvironment, string | null>>

/** Finds shortcodes and their credentials. */
export type ShortcodeDirectory = {
  /**
   * The enabled shortcode that meets all of `wanted` (a key may be bound to one while the request names
   * another: then none does). With neither named, the merchant's oldest one of that side.
   */
  find(merchantId: Uuid, wanted: ShortcodeChoice): Promise<Shortcode | null>
  /**
   * What Daraja needs to know who asks, of a disabled shortcode too, whose payments must still be found out.
   * Null when it is gone or its environment has no address. Throws `SealedError` without the right secret.
   */
  credentialOf(merchantId: Uuid, shortcodeId: Uuid): Promise<DarajaCredential | null>
}

type Held = { merchantId: Uuid; credential: DarajaCredential }

/** A directory with caches of its own. `urls` are without a closing slash. */
export function createShortcodeDirectory(deps: {
  db: Database
  clock: Clock
  sealer: Sealer
  urls: DarajaUrls
  feed?: ChangeFeed
}): ShortcodeDirectory {
  const { clock, feed } = deps
  const choices = createReadCache<Shortcode>({
    clock,
    ...followed<Shortcode>(feed, (each) => each.merchantId),
  })
  const credentials = createReadCache<Held>({ clock, ...followed<Held>(feed, (each) => each.merchantId) })
  const choose = createChooseShortcode(deps)

  async function loadCredential(merchantId: Uuid, shortcodeId: Uuid): Promise<Held | null> {
    const found = await findSealedShortcode(deps, merchantId, shortcodeId)
    return found === null ? null : hold(found)
  }

  function hold(found: SealedShortcode): Held | null {
    const credential = toCredential(deps, found)
    return credential === null ? null : { merchantId: found.shortcode.merchantId, credential }
  }

  async function loadChoice(wanted: MerchantChoice, start: ReadStart): Promise<Shortcode | null> {
    const found = await choose(wanted)
    if (found === undefined) return null
    // Its payment is sent next, and would read the very same row.
    const key = keyOf(found.shortcode.merchantId, found.shortcode.id)
    credentials.get(key, async () => hold(found), start).catch(() => undefined)
    return found.shortcode
  }

  return {
    async find(merchantId, { live, shortcodeId, number }) {
      if (number !== null && !isShortcodeNumber(number)) return null
      const environments = environmentsOf(live).filter((each) => deps.urls[each] !== null)
      const key = [merchantId, live, shortcodeId, number].join(' ')
      return choices.get(key, (start) => loadChoice({ merchantId, environments, shortcodeId, number }, start))
    },
    async credentialOf(merchantId, shortcodeId) {
      const load = () => loadCredential(merchantId, shortcodeId)
      return (await credentials.get(keyOf(merchantId, shortcodeId), load))?.credential ?? null
    },
  }
}

function keyOf(merchantId: Uuid, shortcodeId: Uuid): string {
  return `${merchantId} ${shortcodeId}`
}

function environmentsOf(live: boolean): ShortcodeEnvironment[] {
  return live ? ['production'] : ['simulator', 'sandbox']
}

/** The credential of a shortcode as the client takes it; null when its environment has no address. */
export function toCredential(
  deps: { sealer: Sealer; urls: DarajaUrls },
  { shortcode, sealed }: SealedShortcode,
): DarajaCredential | null {
  const baseUrl = deps.urls[shortcode.environment]
  if (baseUrl === null) return null
  const opened = openCredentials(deps.sealer, shortcode, sealed)
  return {
    id: credentialIdOf({ baseUrl, ...opened }),
    environment: shortcode.environment,
    baseUrl,
    ...opened,
    kind: shortcode.kind,
    businessShortCode: shortcode.number,
    partyB: shortcode.tillNumber ?? shortcode.number,
  }
}
