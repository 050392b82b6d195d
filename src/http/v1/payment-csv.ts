// Payments as a CSV file (RFC 4180) that a spreadsheet opens as it is: UTF-8 with a byte order mark, without
// which Excel takes it for Windows-1252, local times, and no cell that is a formula.
import { prefixedId } from '../../ids.ts'
import type { LocalClock } from '../../local-time.ts'
import type { Payment } from '../../payments/payment.ts'
import { resultLabel } from '../../payments/payment-resource.ts'
import type { SearchPage, SearchPosition } from '../../payments/payment-search-store.ts'

/** The columns, in their order; more are only ever added behind them. */
export const CSV_COLUMNS = [
  'id',
  'created_at',
  'settled_at',
  'paid_at',
  'status',
  'outcome',
  'amount',
  'currency',
  'phone',
  'receipt',
  'reference',
  'description',
  'tag',
  'shortcode',
  'environment',
  'result_code',
  'result_label',
  'result_description',
  'tracking_id',
  'merchant_request_id',
  'checkout_request_id',
  'metadata',
] as const

const BYTE_ORDER_MARK = '\uFEFF'
const LINE_END = '\r\n'
/** A page is some 300 kB of text, and one statement. */
const PAGE_ROWS = 1_000
/** A spreadsheet takes these for the beginning of a formula; Excel also after blanks and line ends. */
const FORMULA = /^[\s\uFEFF]*[=+\-@]|^[\t\r\n]/
const NEEDS_QUOTES = /[",\r\n]/

type Cell = string | number | null

/** What a file is made of. */
export type CsvSource = {
  read(page: { limit: number; from: SearchPosition | null }): Promise<SearchPage>
  row(payment: Payment): string
  /** Rejects when the file is to go no further. */
  check(): Promise<void>
}

/** The file, page by page: the next one is read when the last one was taken. */
export async function* csvPages(source: CsvSource): AsyncGenerator<string, void, undefined> {
  yield BYTE_ORDER_MARK + CSV_COLUMNS.join(',') + LINE_END
  let from: SearchPosition | null = null
  do {
    await source.check()
    const page: SearchPage = await source.read({ limit: PAGE_ROWS, from })
    from = page.next
    if (page.payments.length > 0) yield page.payments.map(source.row).join('')
  } while (from !== null)
}

/** One payment as a line, its end included. */
export function csvRow(payment: Payment, clock: LocalClock): string {
  const cells: Record<(typeof CSV_COLUMNS)[number], Cell> = {
    id: prefixedId('pay', payment.id),
    created_at: localTime(payment.createdAt, clock),
    settled_at: localTime(payment.settledAt, clock),
    paid_at: localTime(payment.paidAt, clock),
    status: payment.state,
    outcome: payment.outcome,
    amount: payment.amountKes,
    currency: 'KES',
    phone: payment.phone,
    receipt: payment.receipt,
    reference: payment.reference,
    description: payment.description,
    tag: payment.tag,
    shortcode: prefixedId('sc', payment.shortcodeId),
    environment: payment.environment,
    result_code: payment.resultCode,
    result_label: payment.outcome === null ? null : resultLabel(payment),
    result_description: payment.resultDesc,
    tracking_id: payment.id,
    merchant_request_id: payment.merchantRequestId,
    checkout_request_id: payment.checkoutRequestId,
    metadata: payment.metadata === null ? null : JSON.stringify(payment.metadata),
  }
  return CSV_COLUMNS.map((column) => csvCell(cells[column])).join(',') + LINE_END
}

/** A value as a cell; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function localTime(time: Date | null, clock: LocalClock): string | null {
  if (time === null) return null
  const { date, hour, minute, second } = clock.at(time.getTime())
  return `${date} ${[hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':')}`
}
