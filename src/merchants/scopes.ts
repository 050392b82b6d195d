// What an API key may do.

/** Every scope, in the order in which they are shown. */
export const SCOPES = [
  'payments:write',
  'payments:read',
  'payments:export',
  'webhooks:write',
  'webhooks:read',
  'settings:write',
  'settings:read',
  'audit:read',
] as const
/** One thing that a key may do. `settings` are shortcodes, API keys and what the merchant has set. */
export type Scope = (typeof SCOPES)[number]

/** What a key may do unless told: who did what from where must be asked for by name. */
export const USUAL_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'audit:read')

/** True when `text` names a scope. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text)
}
