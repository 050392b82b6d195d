// The list of payments: pages by cursor, what changes meanwhile, and what is new since.
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useLiveState } from '../../api/live-payments.tsx'
import type { Payment, PaymentPage } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import { usePaymentNews } from '../../api/use-payment-news.ts'
import { filtersAsQuery, fits, type PaymentFilters } from './payment-filters.ts'
import {
  byNewest,
  isFurtherDown,
  isShownIn,
  type PaymentPages,
  paymentsOf,
  type ReadPages,
  withFirstPage,
  withFresh,
  withPayment,
} from './payment-pages.ts'
import { useSearchAgain } from './use-search-again.ts'

const PAGE_ROWS = 50
/** So many new ones wait at the top. Of more the list is read anew when they are to be shown. */
const FRESH_MAX = 200

/** The new ones that wait. `isCut`: there are more. */
type Fresh = { payments: readonly Payment[]; isCut: boolean }

/** What `filters` find, newest first. `fresh` are not in `payments` until `showFresh` is called. */
export function usePaymentList(filters: PaymentFilters, timeZone: string) {
  const api = useApi()
  const queries = useQueryClient()
  const isLive = useLiveState() !== 'off'
  const query = filtersAsQuery(filters, timeZone).toString()
  const queryKey = useMemo(() => api.key('payments', 'list', query), [api, query])
  const readPage = useCallback(
    (cursor: string | null, signal: AbortSignal) => api.get<PaymentPage>(pagePath(query, cursor), { signal }),
    [api, query],
  )
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
    // What changes is told by the stream; reading all pages anew would move what is being read.
    refetchOnWindowFocus: !isLive,
  })
  const payments = useMemo(() => paymentsOf(list.data), [list.data])
  const { fresh, take, offer } = useFreshPayments({ queryKey, data: list.data, shown: payments })
  const searchAgain = useSearchAgain(queryKey, readPage, (found) => {
    for (const payment of found) offer(payment, { isFitting: true, isNew: true })
  })
  const isSearch = filters.search.trim() !== ''
  const putAgain = usePaymentNews(queryKey, (payment) => {
    const isFitting = fits(payment, filters, timeZone)
    // What a search finds is the gateway's to say.
    if (offer(payment, { isFitting, isNew: !isSearch }) && isSearch) searchAgain()
  })
  const showFresh = useCallback(() => {
    const taken = take()
    if (taken.isCut) {
      queries.setQueryData<PaymentPages>(queryKey, (data) => data && withFirstPage(data))
      void queries.invalidateQueries({ queryKey, exact: true })
      return
    }
    queries.setQueryData<PaymentPages>(queryKey, (data) => data && withFresh(data, taken.payments))
    putAgain(taken.payments)
  }, [queries, queryKey, take, putAgain])
  const searchedUntil = list.data?.pages.at(-1)?.searched_until ?? null
  return { list, payments, fresh, showFresh, searchedUntil }
}

/** Collects what is new, and keeps what is shown as it is now. */
function useFreshPayments(list: {
  queryKey: readonly unknown[]
  data: ReadPages
  shown: readonly Payment[]
}) {
  const { queryKey, data, shown } = list
  const queries = useQueryClient()
  const [kept, setKept] = useState({ ...NONE, of: queryKey })
  const fresh = useMemo<Fresh>(() => {
    if (kept.of !== queryKey) return NONE
    const ids = new Set(shown.map(({ id }) => id))
    const missing = kept.payments.filter(({ id }) => !ids.has(id))
    return { payments: missing.filter((payment) => !isFurtherDown(data, payment)), isCut: kept.isCut }
  }, [kept, queryKey, data, shown])
  /** True for one that is not shown and may have its place in what has been read. */
  const offer = (payment: Payment, { isFitting, isNew }: { isFitting: boolean; isNew: boolean }) => {
    // What is drawn may be older than what is kept.
    const read = queries.getQueryData<PaymentPages>(queryKey)
    if (isShownIn(read, payment)) {
      queries.setQueryData<PaymentPages>(queryKey, (pages) => pages && withPayment(pages, payment))
      return false
    }
    const isWanted = isFitting && !isFurtherDown(read, payment)
    setKept((former) => {
      const before = former.of === queryKey ? former : { ...NONE, of: queryKey }
      const others = before.payments.filter(({ id }) => id !== payment.id)
      const isKnown = others.length < before.payments.length
      if (!isWanted) return isKnown ? { ...before, payments: others } : former
      if (!isKnown && !isNew) return former
      const all = [payment, ...others].sort(byNewest)
      const isCut = before.isCut || all.length > FRESH_MAX
      return { of: queryKey, payments: all.slice(0, FRESH_MAX), isCut }
    })
    return isWanted
  }
  const take = useCallback((): Fresh => {
    setKept({ ...NONE, of: queryKey })
    return fresh
  }, [queryKey, fresh])
  return { fresh, take, offer }
}

const NONE: Fresh = { payments: [], isCut: false }

function pagePath(query: string, cursor: string | null): string {
  const parameters = new URLSearchParams(query)
  parameters.set('limit', String(PAGE_ROWS))
  if (cursor !== null) parameters.set('cursor', cursor)
  return `/v1/payments?${parameters}`
}
