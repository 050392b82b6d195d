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
  'merchant:write',
  'merchant:read',
  'audit:read',
] as const
/**
 * One thing that a key may do. `settings` are shortcodes and API keys; `merchant` is what only owners set:
 * its name, who is alerted, and how long customers' numbers are kept.
 */
export type Scope = (typeof SCOPES)[number]

/** What must be asked for by name: what is the owners' own, and who did what from where. */
export const NAMED_SCOPES: readonly Scope[] = ['merchant:write', 'merchant:read', 'audit:read']
/** What a key may do unless told. */
export const USUAL_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !NAMED_SCOPES.includes(scope))

/** True when `text` names a scope. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text)
}
