// What the people of a merchant may do.
import { SCOPES, type Scope } from './scopes.ts'

/** Every role, the one that may do most first. */
export const ROLES = ['owner', 'developer', 'support'] as const
/** What somebody is to a merchant. */
export type Role = (typeof ROLES)[number]

/**
 * The scopes of each role; nobody gives a key what they lack. Support sees payments alone: no keys, no
 * secrets, no webhooks, no export.
 */
export const ROLE_SCOPES: Record<Role, ReadonlySet<Scope>> = {
  owner: new Set(SCOPES),
  developer: new Set(SCOPES.filter((scope) => !scope.startsWith('merchant:'))),
  support: new Set<Scope>(['payments:read']),
}

/** True when `text` names a role. */
export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}
