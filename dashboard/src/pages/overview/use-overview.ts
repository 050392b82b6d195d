// The overview, asked for again when payments change, and now and then.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useContext, useEffect, useRef } from 'react'
import { useLiveNews } from '../../api/live-payments.tsx'
import { useApi } from '../../api/side.tsx'
import { TimeZoneContext } from '../../ui/time.tsx'
import type { Network, Overview } from './overview.ts'

/** The gateway keeps its sums for about as long. */
const AFTER_NEWS_MS = 4_500
const ANYWAY_MS = 60_000
const CATCHING_UP_MS = 5_000
const NETWORK_MS = 15_000

/** Today's figures, fresh within seconds of a change. */
export function useOverview() {
  const api = useApi()
  const queries = useQueryClient()
  const timeZone = useContext(TimeZoneContext)
  const key = api.key('overview', timeZone)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  useLiveNews(() => {
    // The first of many asks, after a while, for all of them.
    timer.current ??= setTimeout(() => {
      timer.current = null
      void queries.invalidateQueries({ queryKey: key })
    }, AFTER_NEWS_MS)
  })
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get<Overview>(`/v1/overview?time_zone=${encodeURIComponent(timeZone)}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.catching_up === true ? CATCHING_UP_MS : ANYWAY_MS),
  })
}

/** What M-Pesa looks like from here. */
export function useNetwork() {
  const api = useApi()
  return useQuery({
    queryKey: api.key('network'),
    queryFn: ({ signal }) => api.get<Network>('/v1/network', { signal }),
    refetchInterval: NETWORK_MS,
  })
}
