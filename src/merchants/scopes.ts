// What an API key may do.

/** Every scope, in the order in which they are shown. */
export const SCOPES = [
  'payments:write',
  'payments:read',
  'webhooks:write',
  'webhooks:read',
  'settings:write',
  'settings:read',
] as const
/** One thing that a key may do. `settings` are shortcodes and API keys. */
export type Scope = (typeof SCOPES)[number]

/** True when `text` names a scope. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text)
}
