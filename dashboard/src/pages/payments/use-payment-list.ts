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
  withFresh,
  withPayment,
} from './payment-pages.ts'

const PAGE_ROWS = 50
/** So many new ones wait at the top; more are read anew. */
const FRESH_MAX = 200

/** What `filters` find, newest first. `fresh` are not in `payments` until `showFresh` is called. */
export function usePaymentList(filters: PaymentFilters, timeZone: string) {
  const api = useApi()
  const queries = useQueryClient()
  const isLive = useLiveState() !== 'off'
  const query = filtersAsQuery(filters, timeZone).toString()
  const queryKey = useMemo(() => api.key('payments', 'list', query), [api, query])
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => api.get<PaymentPage>(pagePath(query, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
    // What changes is told by the stream; reading all pages anew would move what is being read.
    refetchOnWindowFocus: !isLive,
  })
  const payments = useMemo(() => paymentsOf(list.data), [list.data])
  const { fresh, take, offer } = useFreshPayments({ queryKey, data: list.data, shown: payments })
  const putAgain = usePaymentNews(queryKey, (payment) => offer(payment, fits(payment, filters, timeZone)))
  const showFresh = useCallback(() => {
    const taken = take()
    queries.setQueryData<PaymentPages>(queryKey, (data) => data && withFresh(data, taken))
    putAgain(taken)
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
  const [kept, setKept] = useState({ of: queryKey, payments: NONE })
  const fresh = useMemo(() => {
    if (kept.of !== queryKey) return NONE
    const ids = new Set(shown.map(({ id }) => id))
    const missing = kept.payments.filter(({ id }) => !ids.has(id))
    return missing.filter((payment) => !isFurtherDown(data, payment))
  }, [kept, queryKey, data, shown])
  const offer = (payment: Payment, isFitting: boolean) => {
    // What is drawn may be older than what is kept.
    const read = queries.getQueryData<PaymentPages>(queryKey)
    if (isShownIn(read, payment)) {
      queries.setQueryData<PaymentPages>(queryKey, (pages) => pages && withPayment(pages, payment))
      return
    }
    const isWanted = isFitting && !isFurtherDown(read, payment)
    setKept((former) => {
      const before = former.of === queryKey ? former.payments : NONE
      const others = before.filter(({ id }) => id !== payment.id)
      if (!isWanted) return others.length === before.length ? former : { of: queryKey, payments: others }
      return { of: queryKey, payments: [payment, ...others].sort(byNewest).slice(0, FRESH_MAX) }
    })
  }
  const take = useCallback(() => {
    setKept({ of: queryKey, payments: NONE })
    return fresh
  }, [queryKey, fresh])
  return { fresh, take, offer }
}

const NONE: readonly Payment[] = []

function pagePath(query: string, cursor: string | null): string {
  const parameters = new URLSearchParams(query)
  parameters.set('limit', String(PAGE_ROWS))
  if (cursor !== null) parameters.set('cursor', cursor)
  return `/v1/payments?${parameters}`
}
