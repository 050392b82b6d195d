// The few latest payments, kept as they change.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLiveNews } from '../../api/live-payments.tsx'
import type { Payment, PaymentPage } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'

const SHOWN_MAX = 8

/** The latest payments, newest first. */
export function useLatestPayments() {
  const api = useApi()
  const queries = useQueryClient()
  const key = api.key('payments', 'latest')
  useLiveNews((news) => {
    if (news.kind === 'reset') return
    queries.setQueryData<PaymentPage>(
      key,
      (page) => page && { ...page, data: withPayment(page.data, news.payment) },
    )
  })
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<PaymentPage>(`/v1/payments?limit=${SHOWN_MAX}`, { signal }),
    staleTime: 0,
  })
}

function withPayment(payments: readonly Payment[], payment: Payment): Payment[] {
  const others = payments.filter(({ id }) => id !== payment.id)
  return [...others, payment].sort((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, SHOWN_MAX)
}
