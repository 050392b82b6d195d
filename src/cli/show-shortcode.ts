// A shortcode as commands print it.
import { prefixedId } from '../ids.ts'
import type { Shortcode } from '../merchants/shortcode.ts'
import { type Shown, shownTime } from './output.ts'

/** A shortcode as it is printed. */
export function showShortcode(shortcode: Shortcode): Shown {
  return {
    id: prefixedId('sc', shortcode.id),
    object: 'shortcode',
    environment: shortcode.environment,
    kind: shortcode.kind,
    number: shortcode.number,
    till_number: shortcode.tillNumber,
    pull_transactions: shortcode.pullTransactions,
    created_at: shortcode.createdAt.toISOString(),
    verified_at: shownTime(shortcode.verifiedAt),
    disabled_at: shownTime(shortcode.disabledAt),
  }
}
