// What only the native surface asks of the payments: the overview, searches, exports and the live side.
import type { Uuid } from '../../ids.ts'
import { readMerchantSettings } from '../../merchants/merchant-settings-store.ts'
import { createReadCache } from '../../merchants/read-cache.ts'
import type { ShortcodeDirectory } from '../../merchants/shortcode-directory.ts'
import { type ForgetResult, forgetOnePhone } from '../../payments/forget-phones.ts'
import { type Overview, readOverview } from '../../payments/overview.ts'
import type { Owner, PaymentFilter } from '../../payments/payment-read-store.ts'
import {
  estimatePayments,
  type SearchPage,
  type SearchWish,
  searchPayments,
} from '../../payments/payment-search-store.ts'
import type { SideFeeds } from '../../payments/side-feed.ts'
import type { Phone } from '../../phone.ts'

/** See the functions of the same names in `payments/`. */
export type PaymentInsight = {
  /** Some seconds old at the most. */
  overview(owner: Owner, timeZone: string): Promise<Overview>
  search(owner: Owner, wish: SearchWish): Promise<SearchPage>
  estimate(owner: Owner, filter: PaymentFilter): Promise<number>
  watch: SideFeeds['watch']
  /** See `forgetOnePhone`. */
  forgetPhone(side: Owner, phone: Phone): Promise<ForgetResult>
  /** An IANA time zone. */
  timeZoneOf(merchantId: Uuid): Promise<string>
  /** The shortcode of the side that has this number, or null. */
  shortcodeOf(owner: Owner, number: string): Promise<Uuid | null>
}

/** Insight over the core. */
export function bindPaymentInsight(
  deps: Parameters<typeof readOverview>[0] & {
    feeds: Pick<SideFeeds, 'watch'>
    shortcodes: Pick<ShortcodeDirectory, 'find'>
  },
): PaymentInsight {
  const overviews = createReadCache<Overview>(deps)
  const timeZones = createReadCache<string>(deps)
  return {
    async overview(owner, timeZone) {
      const { merchantId, live, shortcodeId = null } = owner
      const name = [merchantId, live, shortcodeId, timeZone].join(' ')
      const found = await overviews.get(name, () => readOverview(deps, owner, timeZone))
      if (found === null) throw new Error('there is always an overview')
      return found
    },
    search: (owner, wish) => searchPayments(deps, owner, wish),
    estimate: (owner, filter) => estimatePayments(deps, owner, filter),
    watch: deps.feeds.watch,
    forgetPhone: (side, phone) => forgetOnePhone(deps, side, phone),
    async timeZoneOf(merchantId) {
      const read = async () => (await readMerchantSettings(deps, merchantId))?.settings.time_zone ?? null
      return (await timeZones.get(merchantId, read)) ?? TIME_ZONE_DEFAULT
    },
    async shortcodeOf({ merchantId, live }, number) {
      return (await deps.shortcodes.find(merchantId, { live, shortcodeId: null, number }))?.id ?? null
    },
  }
}

/** Where M-Pesa is. */
const TIME_ZONE_DEFAULT = 'Africa/Nairobi'
