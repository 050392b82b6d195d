// What has happened of the first minute, by what the gateway has: nothing ticks by a click, all survives a
// reload.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLiveNews } from '../../api/live-payments.tsx'
import type { Payment, PaymentPage } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import type { ApiKey, Delivery, Endpoint, Page } from '../../developer/resources.ts'
import { useApiKeys, works } from '../api-keys/use-api-keys.ts'
import { useShortcodes } from '../shortcodes/use-shortcodes.ts'
import { useEndpoints } from '../webhooks/use-endpoints.ts'

/** Soon enough to be seen happening, where nothing tells of it by itself. */
const LOOK_MS = 1_500
const LOOK_SELDOM_MS = 15_000

/** What there is; null where it has not happened. */
export type FirstMinute = {
  hasShortcode: boolean
  key: ApiKey | null
  /** The newest payment, and the newest that was paid. */
  sent: Payment | null
  paid: Payment | null
  endpoint: Endpoint | null
  /** The newest delivery about a payment: one that arrived before any other. */
  delivery: Delivery | null
  isReceived: boolean
}

/** As one query; `data` once everything was read. */
type MinuteQuery = { isError: boolean; error: unknown; refetch(): void } & (
  | { data: undefined }
  | { data: FirstMinute }
)

/** Follows it. */
export function useFirstMinute(): MinuteQuery {
  const api = useApi()
  const queries = useQueryClient()
  const keys = useApiKeys()
  const shortcodes = useShortcodes()
  const endpoints = useEndpoints()
  const payments = useQuery({
    queryKey: api.key('start', 'payments'),
    queryFn: () => api.get<PaymentPage>('/v1/payments?limit=10'),
    refetchInterval: LOOK_SELDOM_MS,
  })
  const paid = useQuery({
    queryKey: api.key('start', 'paid'),
    queryFn: () => api.get<PaymentPage>('/v1/payments?status=succeeded&limit=1'),
    refetchInterval: LOOK_SELDOM_MS,
  })
  const delivered = useDeliveries('delivered')
  const isReceived = delivered.data?.some(({ payment }) => payment !== null) ?? false
  const latest = useDeliveries(null, isReceived ? LOOK_SELDOM_MS : LOOK_MS)
  useLiveNews(() => void queries.invalidateQueries({ queryKey: api.key('start') }))
  const isAboutPayment = ({ payment }: Delivery) => payment !== null
  const delivery = delivered.data?.find(isAboutPayment) ?? latest.data?.find(isAboutPayment) ?? null
  const usable = endpoints.data?.filter(({ status }) => status === 'enabled') ?? []
  const all = [keys, shortcodes, endpoints, payments, paid, delivered, latest]
  const failed = all.find((each) => each.isError && each.data === undefined)
  const state = {
    isError: failed !== undefined,
    error: failed?.error,
    refetch() {
      for (const each of all) void each.refetch()
    },
  }
  if (all.some((each) => each.data === undefined)) return { ...state, data: undefined }
  const minute = {
    hasShortcode: shortcodes.data?.some(({ status }) => status === 'enabled') ?? false,
    key: keys.data?.find((key) => works(key, Date.now())) ?? null,
    sent: payments.data?.data[0] ?? null,
    paid: paid.data?.data[0] ?? null,
    endpoint: usable.find(({ id }) => id === delivery?.endpoint) ?? usable[0] ?? null,
    delivery,
    isReceived,
  }
  return { ...state, data: minute }
}

function useDeliveries(status: 'delivered' | null, everyMs = LOOK_MS * 2) {
  const api = useApi()
  const filter = status === null ? '' : `&status=${status}`
  return useQuery({
    queryKey: api.key('start', 'deliveries', status),
    queryFn: () => api.get<Page<Delivery>>(`/v1/webhook_deliveries?limit=20${filter}`),
    select: (page) => page.data,
    refetchInterval: everyMs,
  })
}
