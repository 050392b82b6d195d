// The pages of a list of payments that were read so far, newest first, and what the stream changes in them.
import type { InfiniteData } from '@tanstack/react-query'
import { laterOf, type Payment, type PaymentPage } from '../../api/payments.ts'

/** As react-query keeps them. */
export type PaymentPages = InfiniteData<PaymentPage, string | null>

/** The same to read; undefined until the first page is there. */
export type ReadPages = { pages: readonly PaymentPage[] } | undefined

/** Every payment once. */
export function paymentsOf(data: ReadPages): Payment[] {
  const all = (data?.pages ?? []).flatMap((page) => page.data)
  return [...new Map(all.map((payment) => [payment.id, payment])).values()]
}

/** True for a payment so old that it is read with a further page, and not before. */
export function isFurtherDown(data: ReadPages, payment: Payment): boolean {
  const last = data?.pages.at(-1)
  if (last === undefined || !last.has_more) return false
  const readUntil = last.searched_until ?? last.data.at(-1)?.created_at
  return readUntil !== undefined && payment.created_at < readUntil
}

/** True for a payment that is on one of the pages. */
export function isShownIn(data: ReadPages, { id }: Payment): boolean {
  return data?.pages.some((page) => page.data.some((other) => other.id === id)) ?? false
}

/** With `payment` as it is now, where it was shown as it had been. */
export function withPayment(data: PaymentPages, payment: Payment): PaymentPages {
  const pages = data.pages.map((page) => ({
    ...page,
    data: page.data.map((other) => (other.id === payment.id ? laterOf(other, payment) : other)),
  }))
  return { ...data, pages }
}

/** With payments that it did not have, each above the first that is older. */
export function withFresh(data: PaymentPages, payments: readonly Payment[]): PaymentPages {
  return payments.reduce(withOneMore, data)
}

/** Without the further pages. */
export function withFirstPage({ pages, pageParams }: PaymentPages): PaymentPages {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) }
}

/** Sorts the newest to the top. */
export const byNewest = (a: Payment, b: Payment) => (a.created_at < b.created_at ? 1 : -1)

function withOneMore(data: PaymentPages, payment: Payment): PaymentPages {
  const isOlder = (other: Payment) => other.created_at < payment.created_at
  const found = data.pages.findIndex((page) => page.data.some(isOlder))
  const index = found === -1 ? data.pages.length - 1 : found
  const pages = data.pages.map((page, nth) => {
    if (nth !== index) return page
    const at = page.data.findIndex(isOlder)
    return { ...page, data: page.data.toSpliced(at === -1 ? page.data.length : at, 0, payment) }
  })
  return { ...data, pages }
}
