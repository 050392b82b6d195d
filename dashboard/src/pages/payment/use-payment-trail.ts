// Everything known about one payment, kept fresh while anything about it can change.
import { useQuery } from '@tanstack/react-query'
import { isSettled, type PaymentTrail } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'

/** Steps that move no status (a question to M-Pesa, an attempt at a webhook) are told by no stream. */
const OPEN_EVERY_MS = 5_000
const DELIVERING_EVERY_MS = 4_000
/** A callback that comes again, or late. */
const SETTLED_EVERY_MS = 60_000

/** The trail of the payment `id`; of none while it is null. */
export function usePaymentTrail(id: string | null) {
  const api = useApi()
  return useQuery({
    queryKey: api.key('payment', id, 'trail'),
    queryFn: ({ signal }) => api.get<PaymentTrail>(`/v1/payments/${id}/trail`, { signal }),
    enabled: id !== null,
    staleTime: 0,
    refetchInterval: ({ state }) => intervalOf(state.data),
  })
}

function intervalOf(trail: PaymentTrail | undefined): number {
  if (trail === undefined || !isSettled(trail.payment)) return OPEN_EVERY_MS
  const isDelivering = trail.webhook_deliveries.some(({ status }) => status === 'pending')
  return isDelivering ? DELIVERING_EVERY_MS : SETTLED_EVERY_MS
}
