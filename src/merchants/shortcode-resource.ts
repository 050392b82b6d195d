// A shortcode as the native API and the events about its credentials show it; those never come out.
import { prefixedId } from '../ids.ts'
import type { Shortcode } from './shortcode.ts'

/** The resource `shortcode`. */
export type ShortcodeResource = {
  id: string
  object: 'shortcode'
  environment: Shortcode['environment']
  kind: Shortcode['kind']
  number: string
  till_number: string | null
  pull_transactions: boolean
  live: boolean
  status: 'enabled' | 'disabled'
  credentials: {
    status: 'accepted' | 'refused' | 'unproven'
    since: string | null
    detail: string | null
  }
  verified_at: string | null
  disabled_at: string | null
  created_at: string
  updated_at: string
}

/** Renders `shortcode`. */
export function shortcodeResource(shortcode: Shortcode): ShortcodeResource {
  return {
    id: prefixedId('sc', shortcode.id),
    object: 'shortcode',
    environment: shortcode.environment,
    kind: shortcode.kind,
    number: shortcode.number,
    till_number: shortcode.tillNumber,
    pull_transactions: shortcode.pullTransactions,
    live: shortcode.live,
    status: shortcode.disabledAt === null ? 'enabled' : 'disabled',
    credentials: credentialsOf(shortcode),
    verified_at: shortcode.verifiedAt?.toISOString() ?? null,
    disabled_at: shortcode.disabledAt?.toISOString() ?? null,
    created_at: shortcode.createdAt.toISOString(),
    updated_at: shortcode.updatedAt.toISOString(),
  }
}

/** A refusal stands until Daraja has taken the credentials, also when they were changed since. */
function credentialsOf({ refusal, verifiedAt }: Shortcode): ShortcodeResource['credentials'] {
  if (refusal !== null) {
    return { status: 'refused', since: refusal.since.toISOString(), detail: refusal.detail }
  }
  if (verifiedAt === null) return { status: 'unproven', since: null, detail: null }
  return { status: 'accepted', since: verifiedAt.toISOString(), detail: null }
}
