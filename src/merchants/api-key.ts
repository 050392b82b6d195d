// An API key as its merchant sees it, and the reader of its row.
import type { Uuid } from '../ids.ts'
import { isScope, type Scope } from './scopes.ts'

/** A key without its text, which nobody can see again. */
export type ApiKey = {
  merchantId: Uuid
  id: Uuid
  name: string
  /** The last characters of the key, to recognise it by. */
  hint: string
  live: boolean
  /** The only shortcode that the key may use; null: any of its side. */
  shortcodeId: Uuid | null
  scopes: readonly Scope[]
  createdAt: Date
  expiresAt: Date | null
  revokedAt: Date | null
  /** The key that took its place. */
  replacedBy: Uuid | null
  /** To about a minute. */
  lastUsedAt: Date | null
}

/** Reads a row of `api_keys`. The schema vouches for the values, so this casts rather than validates. */
export function readApiKey(row: Record<string, unknown>): ApiKey {
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    name: row.name as string,
    hint: row.hint as string,
    live: row.live as boolean,
    shortcodeId: row.shortcode_id as Uuid | null,
    scopes: (row.scopes as string[]).filter(isScope),
    createdAt: row.created_at as Date,
    expiresAt: row.expires_at as Date | null,
    revokedAt: row.revoked_at as Date | null,
    replacedBy: row.replaced_by as Uuid | null,
    lastUsedAt: row.last_used_at as Date | null,
  }
}
