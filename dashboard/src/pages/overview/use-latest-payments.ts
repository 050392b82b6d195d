// The few latest payments, kept as they change.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { laterOf, type Payment, type PaymentPage } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import { usePaymentNews } from '../../api/use-payment-news.ts'

const SHOWN_MAX = 8

/** The latest payments, newest first. */
export function useLatestPayments() {
  const api = useApi()
  const queries = useQueryClient()
  const key = useMemo(() => api.key('payments', 'latest'), [api])
  usePaymentNews(key, (payment) => {
    queries.setQueryData<PaymentPage>(
      key,
      (page) => page && { ...page, data: withPayment(page.data, payment) },
    )
  })
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<PaymentPage>(`/v1/payments?limit=${SHOWN_MAX}`, { signal }),
    staleTime: 0,
  })
}

function withPayment(payments: readonly Payment[], payment: Payment): Payment[] {
  const known = payments.find(({ id }) => id === payment.id) ?? payment
  const others = payments.filter(({ id }) => id !== payment.id)
  const all = [...others, laterOf(known, payment)]
  return all.sort((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, SHOWN_MAX)
}
