// An API key as the native API shows it; its text comes out once, when it is made.
import { prefixedId } from '../../ids.ts'
import type { ApiKey } from '../../merchants/api-key.ts'
import type { Scope } from '../../merchants/scopes.ts'

/** The resource `api_key`. */
export type ApiKeyResource = {
  id: string
  object: 'api_key'
  name: string
  hint: string
  live: boolean
  shortcode: string | null
  scopes: readonly Scope[]
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  replaced_by: string | null
  last_used_at: string | null
}

/** Renders `key`. */
export function apiKeyResource(key: ApiKey): ApiKeyResource {
  return {
    id: prefixedId('key', key.id),
    object: 'api_key',
    name: key.name,
    hint: key.hint,
    live: key.live,
    shortcode: key.shortcodeId === null ? null : prefixedId('sc', key.shortcodeId),
    scopes: key.scopes,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    replaced_by: key.replacedBy === null ? null : prefixedId('key', key.replacedBy),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  }
}
