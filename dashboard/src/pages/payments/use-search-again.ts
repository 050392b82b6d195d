// A search that is asked again when payments change: what a text means, the gateway alone knows.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import type { Payment, PaymentPage } from '../../api/payments.ts'

/** A search may look at thousands of payments, and a busy shop has news all the time. */
const AFTER_NEWS_MS = 3_000

/**
 * The function that this returns has the first page read soon, once for all who ask meanwhile; `onFound` is
 * given what it holds. It is read under `queryKey`, beside the list itself.
 */
export function useSearchAgain(
  queryKey: readonly unknown[],
  readPage: (cursor: null, signal: AbortSignal) => Promise<PaymentPage>,
  onFound: (payments: readonly Payment[]) => void,
): () => void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const latest = useRef(onFound)
  useEffect(() => {
    latest.current = onFound
  })
  // One for another search is of no use.
  useEffect(() => {
    const key = [...queryKey, 'again']
    return () => {
      clearTimeout(timer.current ?? undefined)
      timer.current = null
      queries.removeQueries({ queryKey: key, exact: true })
    }
  }, [queries, queryKey])
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      const again = { queryKey: [...queryKey, 'again'], staleTime: 0, gcTime: 0 }
      queries.fetchQuery({ ...again, queryFn: ({ signal }) => readPage(null, signal) }).then(
        (page) => latest.current(page.data),
        // The list itself says what is wrong, and offers another try.
        () => queries.invalidateQueries({ queryKey, exact: true }),
      )
    }, AFTER_NEWS_MS)
  }, [queries, queryKey, readPage])
}
