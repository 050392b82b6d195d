// The JSON of a webhook endpoint, as the native API and the event `webhook_endpoint.disabled` show it.
import { prefixedId } from '../ids.ts'
import type { WebhookEndpoint } from './endpoint.ts'

/** The resource `webhook_endpoint`. It never holds a secret. */
export type EndpointResource = {
  id: string
  object: 'webhook_endpoint'
  url: string
  format: 'event' | 'daraja'
  event_types: string[] | null
  description: string | null
  live: boolean
  signature_schemes: ('v1' | 'v1a')[]
  public_key: string | null
  public_keys_path: string | null
  status: 'enabled' | 'disabled'
  disabled_at: string | null
  disabled_reason: string | null
  failing_since: string | null
  missed_since: string | null
  previous_secret_expires_at: string | null
  created_at: string
  updated_at: string
}

/** Where the public keys of endpoints are read, without an API key. */
export const PUBLIC_KEYS_PATH = '/.well-known/webhook-keys'

function publicKeysPath({ merchantId, id }: WebhookEndpoint): string {
  return `${PUBLIC_KEYS_PATH}/${prefixedId('mer', merchantId)}/${prefixedId('we', id)}`
}

/** An endpoint as merchants see it; times are RFC 3339 in UTC. */
export function endpointResource(endpoint: WebhookEndpoint): EndpointResource {
  const hasKey = endpoint.signatureSchemes.includes('v1a')
  return {
    id: prefixedId('we', endpoint.id),
    object: 'webhook_endpoint',
    url: endpoint.url,
    format: endpoint.format,
    event_types: endpoint.eventTypes,
    description: endpoint.description,
    live: endpoint.live,
    signature_schemes: endpoint.signatureSchemes,
    public_key: hasKey ? endpoint.publicKey : null,
    public_keys_path: hasKey ? publicKeysPath(endpoint) : null,
    status: endpoint.disabledAt === null ? 'enabled' : 'disabled',
    disabled_at: endpoint.disabledAt?.toISOString() ?? null,
    disabled_reason: endpoint.disabledReason,
    failing_since: endpoint.failingSince?.toISOString() ?? null,
    missed_since: endpoint.missedSince?.toISOString() ?? null,
    previous_secret_expires_at: endpoint.previousSecretExpiresAt?.toISOString() ?? null,
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  }
}
