// What a merchant has set for itself: read, and changed in part.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useGround } from '../../api/side.tsx'

/** `GET /v1/settings`. */
export type MerchantSettings = {
  merchant: string
  name: string
  time_zone: string
  language: 'en' | 'sw'
  phone_retention_days: number | null
  alert_emails: string[]
  alert_failures: boolean
  alert_failures_percent: number
  alert_failures_minutes: number
  alert_failures_payments_min: number
  alert_endpoint_disabled: boolean
  alert_contradiction: boolean
  alert_credentials: boolean
  /** Whether the test side is watched as well. */
  alert_test_side: boolean
  /** False: mails are printed to the gateway's log. */
  mail: boolean
  updated_at: string | null
}

const PATH = '/v1/settings'

/** The settings, and `save`, which throws what the gateway refuses. */
export function useMerchantSettings() {
  const { api, may } = useGround()
  const queries = useQueryClient()
  const key = api.key('settings')
  const settings = useQuery({
    queryKey: key,
    queryFn: () => api.get<MerchantSettings>(PATH),
    enabled: may('settings'),
  })
  async function save(changes: Partial<MerchantSettings>) {
    queries.setQueryData(key, await api.patch<MerchantSettings>(PATH, changes))
    // The name and the time zone are shown on every page.
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.join() !== key.join() })
  }
  return { settings, save }
}

/** Keeps the changes; rejects with what the gateway refuses. */
export type SaveSettings = (changes: Partial<MerchantSettings>) => Promise<void>
