// What is looked for: as the address of the page has it, as the API takes it, and whether a payment fits.
import type { Payment } from '../../api/payments.ts'
import { endOfDay, startOfDay } from './local-day.ts'

/** Texts, as they stand in the address; empty ones are left out. Days are the merchant's, `YYYY-MM-DD`. */
export type PaymentFilters = {
  search: string
  /** Statuses, separated by commas. */
  status: string
  from: string
  to: string
  min: string
  max: string
  shortcode: string
  /** A code of M-Pesa: only payments that failed with it. */
  code: string
}

/** The statuses without a verdict. */
export const OPEN_STATUSES = 'queued,sending,pending,uncertain'

/** What a payment may be, in whole shillings. */
const AMOUNT_MAX = 250_000

/** True when `text` is an amount that a payment may have. Others, typed on the way, look for nothing. */
export function isAmount(text: string): boolean {
  const amount = Number(text)
  return /^\d+$/.test(text) && amount >= 1 && amount <= AMOUNT_MAX
}

const NAMES = ['search', 'status', 'from', 'to', 'min', 'max', 'shortcode', 'code'] as const

/** The filters of an address, whatever stands there. */
export function readFilters(search: Record<string, unknown>): PaymentFilters {
  const text = (name: (typeof NAMES)[number]) => {
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 100) : ''
  }
  return {
    search: text('search'),
    status: text('status'),
    from: text('from'),
    to: text('to'),
    min: text('min').replace(/\D/g, ''),
    max: text('max').replace(/\D/g, ''),
    shortcode: text('shortcode'),
    code: text('code'),
  }
}

/** The address of filters: only those that are set. */
export function filtersAsSearch(filters: PaymentFilters): Record<string, string> {
  return Object.fromEntries(
    NAMES.map((name) => [name, filters[name]] as const).filter(([, text]) => text !== ''),
  )
}

/** How many filters are set, the search aside. */
export function countFilters(filters: PaymentFilters): number {
  return NAMES.filter((name) => name !== 'search' && filters[name] !== '').length
}

/** The filters as the API's parameters. */
export function filtersAsQuery(filters: PaymentFilters, timeZone: string): URLSearchParams {
  const query = new URLSearchParams()
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') query.set(name, value)
  }
  set('search', filters.search.trim())
  set('status', filters.status)
  set('created_after', startOfDay(filters.from, timeZone)?.toISOString())
  set('created_before', endOfDay(filters.to, timeZone)?.toISOString())
  if (isAmount(filters.min)) set('amount_min', filters.min)
  if (isAmount(filters.max)) set('amount_max', filters.max)
  set('shortcode', filters.shortcode)
  set('result_code', filters.code)
  return query
}

/** True when a payment belongs into the list, as far as the filters go: what a search finds is not said. */
export function fits(payment: Payment, filters: PaymentFilters, timeZone: string): boolean {
  const { status, min, max, shortcode, code } = filters
  const createdMs = Date.parse(payment.created_at)
  const from = startOfDay(filters.from, timeZone)
  const before = endOfDay(filters.to, timeZone)
  return (
    (status === '' || status.split(',').includes(payment.status)) &&
    (!isAmount(min) || payment.amount >= Number(min)) &&
    (!isAmount(max) || payment.amount <= Number(max)) &&
    (shortcode === '' || payment.shortcode === shortcode) &&
    (code === '' || payment.result?.code === code) &&
    (from === null || createdMs >= from.getTime()) &&
    (before === null || createdMs < before.getTime())
  )
}
