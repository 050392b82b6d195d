// The sealed columns of endpoints, for a change of SUKUMA_SECRET.
import { parseUuid } from '../ids.ts'
import type { SealedColumn } from '../merchants/reseal.ts'
import { secretContext, signingKeyContext } from './endpoint-directory.ts'

const ENDPOINTS = {
  table: 'webhook_endpoints',
  keys: [
    { name: 'merchant_id', type: 'uuid' },
    { name: 'id', type: 'uuid' },
  ],
} as const

type ContextOf = typeof secretContext

function boundBy(contextOf: ContextOf): (key: readonly string[]) => string {
  return (key) => {
    const [merchantId, id] = key.map(parseUuid)
    if (!merchantId || !id) throw new Error('an endpoint has a key of two UUIDs')
    return contextOf(merchantId, id)
  }
}

const SECRETS = { ...ENDPOINTS, contextOf: boundBy(secretContext) }
const KEYS = { ...ENDPOINTS, contextOf: boundBy(signingKeyContext) }

/** Every column of `webhook_endpoints` that holds something sealed. */
export const SEALED_ENDPOINT_SECRETS: readonly SealedColumn[] = [
  { ...SECRETS, column: 'secret_sealed' },
  { ...SECRETS, column: 'previous_secret_sealed' },
  { ...SECRETS, column: 'earlier_secrets_sealed', isList: true },
  { ...KEYS, column: 'signing_key_sealed' },
  { ...KEYS, column: 'previous_signing_key_sealed' },
  { ...KEYS, column: 'earlier_signing_keys_sealed', isList: true },
]
