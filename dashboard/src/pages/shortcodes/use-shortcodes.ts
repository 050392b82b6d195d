// The paybills and tills of a side.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Page, Shortcode } from '../../developer/resources.ts'

const REFRESH_MS = 15_000

/** All of them, newest first. */
export function useShortcodes() {
  const api = useApi()
  return useQuery({
    queryKey: api.key('shortcodes'),
    queryFn: () => api.get<Page<Shortcode>>('/v1/shortcodes?limit=100'),
    select: (page) => page.data,
    refetchInterval: REFRESH_MS,
  })
}

/** One of them. */
export function useShortcode(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: api.key('shortcode', id),
    queryFn: () => api.get<Shortcode>(`/v1/shortcodes/${id}`),
    refetchInterval: REFRESH_MS,
  })
}

/** Makes every page that shows shortcodes read them again. */
export function useShortcodesChanged(): () => Promise<void> {
  const api = useApi()
  const queries = useQueryClient()
  return async () => {
    await Promise.all(
      ['shortcodes', 'shortcode'].map((name) => queries.invalidateQueries({ queryKey: api.key(name) })),
    )
  }
}
