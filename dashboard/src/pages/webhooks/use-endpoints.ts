// The webhook endpoints of a side.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Endpoint, Page } from '../../developer/resources.ts'

const REFRESH_MS = 10_000
/** Somebody who looks at one waits for it to come back. */
const REFRESH_ONE_MS = 4_000

/** All endpoints, newest first: a side has twenty at the most. */
export function useEndpoints() {
  const api = useApi()
  return useQuery({
    queryKey: api.key('webhook-endpoints'),
    queryFn: async () => (await api.get<Page<Endpoint>>('/v1/webhook_endpoints?limit=100')).data,
    refetchInterval: REFRESH_MS,
  })
}

/** One endpoint, its health kept fresh. */
export function useEndpoint(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: api.key('webhook-endpoint', id),
    queryFn: () => api.get<Endpoint>(`/v1/webhook_endpoints/${id}`),
    refetchInterval: REFRESH_ONE_MS,
  })
}

/** Makes every page that shows endpoints or deliveries read them again. */
export function useEndpointsChanged(): () => Promise<void> {
  const api = useApi()
  const queries = useQueryClient()
  return async () => {
    await Promise.all(
      ['webhook-endpoints', 'webhook-endpoint', 'webhook-deliveries'].map((name) =>
        queries.invalidateQueries({ queryKey: api.key(name) }),
      ),
    )
  }
}
