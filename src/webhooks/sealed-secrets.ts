// The sealed columns of endpoints, for a change of SUKUMA_SECRET.
import { parseUuid } from '../ids.ts'
import type { SealedColumn } from '../merchants/reseal.ts'
import { secretContext } from './endpoint-directory.ts'

const ENDPOINTS = {
  table: 'webhook_endpoints',
  keys: [
    { name: 'merchant_id', type: 'uuid' },
    { name: 'id', type: 'uuid' },
  ],
  contextOf: (key: readonly string[]) => {
    const [merchantId, id] = key.map(parseUuid)
    if (!merchantId || !id) throw new Error('an endpoint has a key of two UUIDs')
    return secretContext(merchantId, id)
  },
} as const

/** Every column of `webhook_endpoints` that holds something sealed. */
export const SEALED_ENDPOINT_SECRETS: readonly SealedColumn[] = [
  { ...ENDPOINTS, column: 'secret_sealed' },
  { ...ENDPOINTS, column: 'previous_secret_sealed' },
]
