// News of payments for an answer that is kept, also while it is being read.
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { useLiveNews } from './live-payments.tsx'
import type { Payment } from './payments.ts'

/** So many changes during one reading are put in after it; were there more, it is read once more. */
const MEANWHILE_MAX = 1_000

/**
 * Calls `put` with every payment that the stream tells, to be put into what is kept under `queryKey`. What is
 * being read there at that moment may be older than the news, and takes the place of what it was put into:
 * once nothing is being read any more, `put` is called with it again. The function that this returns has
 * payments put in again likewise that came by other ways. `queryKey` stays the same object while it is the
 * same key.
 */
export function usePaymentNews(queryKey: readonly unknown[], put: (payment: Payment) => void) {
  const queries = useQueryClient()
  const isReading = useIsFetching({ queryKey }) > 0
  const meanwhile = useRef({ of: queryKey, came: new Map<string, Payment>() })
  const putAgain = useCallback(
    (payments: readonly Payment[]) => {
      if (queries.isFetching({ queryKey }) === 0) return
      // What another key's answer was to have does not concern this one's.
      if (meanwhile.current.of !== queryKey) meanwhile.current = { of: queryKey, came: new Map() }
      const { came } = meanwhile.current
      for (const payment of payments) if (came.size <= MEANWHILE_MAX) came.set(payment.id, payment)
    },
    [queries, queryKey],
  )
  useLiveNews((news) => {
    // After a reset everything is read anew.
    if (news.kind === 'reset') return
    putAgain([news.payment])
    put(news.payment)
  })
  useLayoutEffect(() => {
    const { of, came } = meanwhile.current
    if (isReading || of !== queryKey || came.size === 0) return
    meanwhile.current = { of, came: new Map() }
    if (came.size > MEANWHILE_MAX) void queries.invalidateQueries({ queryKey })
    else for (const payment of came.values()) put(payment)
  })
  return putAgain
}
