// What each role may see and do. The gateway decides; the pages only leave out what it would refuse.
import type { Role } from './session.ts'

/** One thing that a role may do. */
export type Permission =
  | 'payments:read'
  | 'payments:write'
  | 'payments:export'
  | 'keys'
  | 'webhooks'
  | 'shortcodes'
  | 'audit'
  | 'team'
  | 'settings'

const OF_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set<Permission>([
    'payments:read',
    'payments:write',
    'payments:export',
    'keys',
    'webhooks',
    'shortcodes',
    'audit',
    'team',
    'settings',
  ]),
  developer: new Set<Permission>([
    'payments:read',
    'payments:write',
    'payments:export',
    'keys',
    'webhooks',
    'shortcodes',
    'audit',
  ]),
  support: new Set<Permission>(['payments:read']),
}

/** True when `role` may do `permission`. */
export const can = (role: Role, permission: Permission): boolean => OF_ROLE[role].has(permission)
