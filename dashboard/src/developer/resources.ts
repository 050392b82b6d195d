// What `/v1` says about keys, webhooks and shortcodes: the shapes that developers' pages read.

/** One page of a list, newest first. */
export type Page<T> = { data: T[]; has_more: boolean; next_cursor: string | null }

/** The resource `api_key`. */
export type ApiKey = {
  id: string
  name: string
  hint: string
  live: boolean
  shortcode: string | null
  scopes: string[]
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  replaced_by: string | null
  last_used_at: string | null
}

/** A new key with its text, which is said this once. */
export type NewApiKey = ApiKey & { secret: string }

/** How what is sent to an endpoint is signed: HMAC, ed25519. */
export type SignatureScheme = 'v1' | 'v1a'

/** The resource `webhook_endpoint`. */
export type Endpoint = {
  id: string
  url: string
  format: 'event' | 'daraja'
  event_types: string[] | null
  description: string | null
  live: boolean
  signature_schemes: SignatureScheme[]
  public_key: string | null
  public_keys_path: string | null
  status: 'enabled' | 'disabled'
  disabled_at: string | null
  disabled_reason: 'merchant' | 'gone' | 'failing' | null
  failing_since: string | null
  missed_since: string | null
  previous_secret_expires_at: string | null
  created_at: string
  updated_at: string
}

/** A new endpoint, or one whose secret was rotated. */
export type EndpointWithSecret = Endpoint & { secret: string }

/** What was sent again. */
export type Replay = { since: string; count: number; has_more: boolean; next_since: string | null }

/** How far a delivery is. */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'cancelled'

/** One attempt at a delivery. */
export type Attempt = {
  at: string
  status: number | null
  error: string | null
  duration_ms: number
  response: string | null
}

/** The resource `webhook_delivery`. */
export type Delivery = {
  id: string
  endpoint: string
  event: string
  event_type: string
  payment: string | null
  status: DeliveryStatus
  attempts: number
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  attempt_log: Attempt[]
  created_at: string
  delivered_at: string | null
}

/** What a delivery sends. */
export type DeliveryRequest = {
  url: string
  headers: Record<string, string>
  body: string
  signed_at: string
}

/** The secrets of an endpoint, for a person. */
export type WebhookSecret = {
  secret: string
  previous_secret: string | null
  previous_secret_expires_at: string | null
}

/** Which Daraja a shortcode belongs to. */
export type Environment = 'simulator' | 'sandbox' | 'production'

/** The resource `shortcode`. */
export type Shortcode = {
  id: string
  environment: Environment
  kind: 'paybill' | 'till'
  number: string
  till_number: string | null
  pull_transactions: boolean
  live: boolean
  status: 'enabled' | 'disabled'
  credentials: { status: 'accepted' | 'refused' | 'unproven'; since: string | null; detail: string | null }
  verified_at: string | null
  disabled_at: string | null
  created_at: string
}

/** How fast a shortcode may send; nulls: nothing was sent through it since the gateway started. */
export type ShortcodeSending = {
  breaker: 'closed' | 'half_open' | 'open' | null
  retry_at: string | null
  slow_start: boolean
  pushes_per_second: number | null
  pushes_at_once: number | null
}
