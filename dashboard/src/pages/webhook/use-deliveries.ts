// What was sent to an endpoint, newest first, kept fresh while it is looked at.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Delivery, DeliveryStatus, Page } from '../../developer/resources.ts'

const REFRESH_MS = 4_000
const PAGE_SIZE = 20

/** What the list is narrowed by; empty: everything. */
export type DeliveryFilter = { status: DeliveryStatus | ''; payment: string }

/** Pages of deliveries; the first is looked at again while it is the only one. */
export function useDeliveries(endpointId: string, filter: DeliveryFilter) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: api.key('webhook-deliveries', endpointId, filter),
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ endpoint: endpointId, limit: String(PAGE_SIZE) })
      if (filter.status !== '') query.set('status', filter.status)
      if (filter.payment !== '') query.set('payment', filter.payment)
      if (pageParam !== '') query.set('cursor', pageParam)
      return api.get<Page<Delivery>>(`/v1/webhook_deliveries?${query}`)
    },
    getNextPageParam: (last: Page<Delivery>) => last.next_cursor ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
  })
}
