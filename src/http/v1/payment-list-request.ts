// Reading what payments are asked for: the filters of the list and of the export, a search, and a page.
import { PAYMENT_STATES } from '../../payments/payment.ts'
import type { Owner, PaymentFilter } from '../../payments/payment-read-store.ts'
import type { SearchPosition } from '../../payments/payment-search-store.ts'
import { readSearchTerms, type SearchTerms } from '../../payments/search-terms.ts'
import {
  AMOUNT_KES_MAX,
  AMOUNT_KES_MIN,
  type FieldReader,
  REFERENCE_LENGTH_MAX,
  TAG_LENGTH_MAX,
} from '../field-reader.ts'
import { choicesOf, digitsOf, phoneOf, textOf, timeOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { decodeCursor, encodeCursor, type ListName } from './cursor.ts'
import { readCursor, readLimit } from './page.ts'
import type { PaymentInsight } from './payment-insight.ts'
import { readShortcode } from './payment-request.ts'

/** Safaricom's receipts have 10 characters. */
const RECEIPT_LENGTH_MAX = 40
/** As long as a tag, the longest thing that is searched for. */
const SEARCH_LENGTH_MAX = TAG_LENGTH_MAX
/** M-Pesa's longest code has 12 characters. */
const RESULT_CODE_LENGTH_MAX = 40

/** Which payments: all filters must hold, and one of the terms. */
export type PaymentWish = {
  filter: PaymentFilter
  terms: SearchTerms | null
  shortcode: ReturnType<typeof readShortcode>
}

/** Reads the filters and `search`; faults are noted in `fields`. */
export function readPaymentWish(fields: FieldReader): PaymentWish {
  const search = fields.optional('search', textOf({ max: SEARCH_LENGTH_MAX }))
  const states = fields.optional('status', choicesOf(PAYMENT_STATES))
  const phone = fields.optional('phone', phoneOf)
  const reference = fields.optional('reference', textOf({ max: REFERENCE_LENGTH_MAX }))
  const receipt = fields.optional('receipt', textOf({ max: RECEIPT_LENGTH_MAX }))
  const tag = fields.optional('tag', textOf({ max: TAG_LENGTH_MAX }))
  const createdAfter = fields.optional('created_after', timeOf)
  const createdBefore = fields.optional('created_before', timeOf)
  const amountOf = digitsOf({ min: AMOUNT_KES_MIN, max: AMOUNT_KES_MAX })
  const amountMinKes = fields.optional('amount_min', amountOf)
  const amountMaxKes = fields.optional('amount_max', amountOf)
  const resultCode = fields.optional('result_code', textOf({ max: RESULT_CODE_LENGTH_MAX }))
  const filter: PaymentFilter = {
    ...(states !== null && { states }),
    ...(phone !== null && { phone }),
    ...(reference !== null && { reference }),
    ...(receipt !== null && { receipt }),
    ...(tag !== null && { tag }),
    ...(createdAfter !== null && { createdAfter }),
    ...(createdBefore !== null && { createdBefore }),
    ...(amountMinKes !== null && { amountMinKes }),
    ...(amountMaxKes !== null && { amountMaxKes }),
    ...(resultCode !== null && { resultCode }),
  }
  return { filter, terms: search === null ? null : readSearchTerms(search), shortcode: readShortcode(fields) }
}

/** Whose payments `principal` may see, of the shortcode that is named where one is. */
export async function ownerOf(
  insight: Pick<PaymentInsight, 'shortcodeOf'>,
  principal: Owner,
  { id, number }: PaymentWish['shortcode'],
): Promise<Owner> {
  const { merchantId, live, shortcodeId: bound = null } = principal
  const named = number === null ? id : await insight.shortcodeOf(principal, number)
  if (number !== null && named === null) {
    throw new HttpError('no_shortcode', 'There is no shortcode with this number on this side.')
  }
  if (named !== null && bound !== null && named !== bound) {
    throw new HttpError('no_shortcode', 'This key is bound to another shortcode than the one named.')
  }
  return { merchantId, live, shortcodeId: named ?? bound }
}

/** A page of a search that was asked for. */
export type SearchPageWish = { limit: number; from: SearchPosition | null }

const LISTS: readonly [ListName, SearchPosition['stage']][] = [
  ['payments', 'listed'],
  ['payments_exact', 'exact'],
  ['payments_looked', 'looked'],
]
/** Where what is looked at begins: behind all that was found exactly. */
const FIRST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Reads `limit` and `cursor`; faults are noted in `fields`. */
export function readSearchPage(fields: FieldReader): SearchPageWish {
  return { limit: readLimit(fields), from: readCursor(fields, decodePosition) }
}

function decodePosition(text: string): SearchPosition | null {
  for (const [list, stage] of LISTS) {
    const before = decodeCursor(list, text)
    if (before !== null) return { stage, before: before === FIRST ? null : before }
  }
  return null
}

/** The cursor behind a position of a search. */
export function encodePosition({ stage, before }: SearchPosition): string {
  const list = LISTS.find(([, each]) => each === stage)?.[0] ?? 'payments'
  return encodeCursor(list, before ?? FIRST)
}
