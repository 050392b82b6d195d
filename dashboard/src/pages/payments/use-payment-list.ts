// The list of payments: pages by cursor, what changes meanwhile, and what is new since.
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useLiveNews, useLiveState } from '../../api/live-payments.tsx'
import type { Payment, PaymentPage } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import { filtersAsQuery, fits, type PaymentFilters } from './payment-filters.ts'

const PAGE_ROWS = 50
/** So many new ones wait at the top; more are read anew. */
const FRESH_MAX = 200

type Pages = InfiniteData<PaymentPage, string | null>

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
  const payments = useMemo(() => withoutRepeats(list.data), [list.data])
  const fresh = useFreshPayments(queryKey, payments, (payment) => fits(payment, filters, timeZone))

  const { take } = fresh
  const showFresh = useCallback(() => {
    const taken = take()
    queries.setQueryData<Pages>(queryKey, (data) => data && withFirst(data, taken))
  }, [queries, queryKey, take])
  const searchedUntil = list.data?.pages.at(-1)?.searched_until ?? null
  return { list, payments, fresh: fresh.payments, showFresh, searchedUntil }
}

/** Collects what is new, and keeps what is shown as it is now. */
function useFreshPayments(
  queryKey: readonly unknown[],
  shown: readonly Payment[],
  isWanted: (payment: Payment) => boolean,
) {
  const queries = useQueryClient()
  const [kept, setKept] = useState<{ of: readonly unknown[]; payments: Payment[] }>({
    of: queryKey,
    payments: [],
  })
  const payments = useMemo(() => {
    const ids = new Set(shown.map(({ id }) => id))
    return kept.of === queryKey ? kept.payments.filter(({ id }) => !ids.has(id)) : []
  }, [kept, queryKey, shown])
  useLiveNews((news) => {
    if (news.kind === 'reset') return
    const { payment } = news
    if (shown.some(({ id }) => id === payment.id)) {
      queries.setQueryData<Pages>(queryKey, (data) => data && withPayment(data, payment))
      return
    }
    // Older ones changed on a page that is not shown yet.
    const newest = shown[0]
    if (newest !== undefined && payment.created_at < newest.created_at) return
    if (!isWanted(payment)) return
    setKept(({ of, payments: before }) => {
      const others = (of === queryKey ? before : []).filter(({ id }) => id !== payment.id)
      return { of: queryKey, payments: [payment, ...others].sort(byNewest).slice(0, FRESH_MAX) }
    })
  })
  const take = useCallback(() => {
    setKept({ of: queryKey, payments: [] })
    return payments
  }, [queryKey, payments])
  return { payments, take }
}

function pagePath(query: string, cursor: string | null): string {
  const parameters = new URLSearchParams(query)
  parameters.set('limit', String(PAGE_ROWS))
  if (cursor !== null) parameters.set('cursor', cursor)
  return `/v1/payments?${parameters}`
}

const byNewest = (a: Payment, b: Payment) => (a.created_at < b.created_at ? 1 : -1)

function withoutRepeats(data: { pages: PaymentPage[] } | undefined): Payment[] {
  const all = (data?.pages ?? []).flatMap((page) => page.data)
  return [...new Map(all.map((payment) => [payment.id, payment])).values()]
}

function withPayment(data: Pages, payment: Payment): Pages {
  const pages = data.pages.map((page) => ({
    ...page,
    data: page.data.map((other) => (other.id === payment.id ? payment : other)),
  }))
  return { ...data, pages }
}

function withFirst(data: Pages, payments: readonly Payment[]): Pages {
  const [first, ...others] = data.pages
  if (first === undefined) return data
  return { ...data, pages: [{ ...first, data: [...payments, ...first.data] }, ...others] }
}
