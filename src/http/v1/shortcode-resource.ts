// A shortcode as the native API shows it; its credentials never come out.
import { prefixedId } from '../../ids.ts'
import type { Shortcode } from '../../merchants/shortcode.ts'

/** The resource `shortcode`. */
export type ShortcodeResource = {
  id: string
  object: 'shortcode'
  environment: Shortcode['environment']
  kind: Shortcode['kind']
  number: string
  till_number: string | null
  live: boolean
  status: 'enabled' | 'disabled'
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
    live: shortcode.live,
    status: shortcode.disabledAt === null ? 'enabled' : 'disabled',
    verified_at: shortcode.verifiedAt?.toISOString() ?? null,
    disabled_at: shortcode.disabledAt?.toISOString() ?? null,
    created_at: shortcode.createdAt.toISOString(),
    updated_at: shortcode.updatedAt.toISOString(),
  }
}
