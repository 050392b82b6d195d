// The audit log: newest first, older ones on demand, new ones by themselves.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useGround } from '../../api/side.tsx'

type AuditValue = string | number | boolean | null | readonly string[]

/** `audit_entry`. */
export type AuditEntry = {
  id: string
  sequence: number
  at: string
  action: string
  live: boolean | null
  actor: {
    kind: 'key' | 'user' | 'cli' | 'system'
    id: string | null
    name: string | null
    role: string | null
  }
  target: { id: string; name: string | null } | null
  changes: { field: string; from: AuditValue; to: AuditValue }[]
  detail: Record<string, AuditValue>
  ip: string | null
  user_agent: string | null
  hash: string
}

/** What is looked for; empty texts narrow nothing. `since` and `until` are instants (ISO 8601). */
export type AuditFilters = { action: string; actor: string; since: string; until: string }

type Page = { data: AuditEntry[]; has_more: boolean; next_cursor: string | null }

const PAGE_SIZE = '50'
const LOOK_AGAIN_MS = 10_000

/** Its pages so far; the first is looked at again while it is the only one. */
export function useAuditLog(filters: AuditFilters) {
  const { api, may } = useGround()
  return useInfiniteQuery({
    queryKey: api.key('audit-log', filters),
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: PAGE_SIZE })
      for (const [name, value] of Object.entries(filters)) if (value !== '') query.set(name, value)
      if (pageParam !== null) query.set('cursor', pageParam)
      return api.get<Page>(`/v1/audit_log?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: may('audit'),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : LOOK_AGAIN_MS),
  })
}
