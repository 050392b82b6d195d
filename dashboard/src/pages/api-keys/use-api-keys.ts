// The keys of a side, all of them: those that work, and those that ended.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type Api, useApi } from '../../api/side.tsx'
import type { ApiKey, Page } from '../../developer/resources.ts'

/** More than a merchant has; what is older is left out. */
const PAGES_MAX = 5
const REFRESH_MS = 15_000

/** The keys, newest first, kept fresh for when they were last used. */
export function useApiKeys() {
  const api = useApi()
  return useQuery({
    queryKey: api.key('api-keys'),
    queryFn: () => readKeys(api),
    refetchInterval: REFRESH_MS,
  })
}

/** Makes every page that shows keys read them again. */
export function useKeysChanged(): () => Promise<void> {
  const api = useApi()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: api.key('api-keys') })
}

/** True while requests with it are served. */
export function works(key: Pick<ApiKey, 'revoked_at' | 'expires_at'>, nowMs: number): boolean {
  return key.revoked_at === null && (key.expires_at === null || new Date(key.expires_at).getTime() > nowMs)
}

async function readKeys(api: Api): Promise<ApiKey[]> {
  const keys: ApiKey[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer: Page<ApiKey> = await api.get<Page<ApiKey>>(`/v1/api_keys?limit=100${at}`)
    keys.push(...answer.data)
    cursor = answer.next_cursor
    if (cursor === null) break
  }
  return keys
}
