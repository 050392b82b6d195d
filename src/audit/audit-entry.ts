// An entry of the audit log: who did what to which thing, from where, and what it was before.
import type { Uuid } from '../ids.ts'

/** Everything that is recorded, in the order in which it is shown. */
export const AUDIT_ACTIONS = [
  'session.started',
  'session.refused',
  'session.ended',
  'sessions.ended',
  'session.link_made',
  'password.changed',
  'password.reset',
  'two_factor.enabled',
  'two_factor.disabled',
  'recovery_codes.made',
  'member.invited',
  'member.joined',
  'member.role_changed',
  'member.removed',
  'invitation.withdrawn',
  'merchant.created',
  'settings.updated',
  'phones.erased',
  'api_key.created',
  'api_key.rotated',
  'api_key.revoked',
  'shortcode.created',
  'shortcode.updated',
  'shortcode.verified',
  'webhook_endpoint.created',
  'webhook_endpoint.updated',
  'webhook_endpoint.deleted',
  'webhook_endpoint.secret_rotated',
  'webhook_endpoint.secret_revealed',
  'webhook_endpoint.key_rotated',
  'webhook_endpoint.replayed',
  'webhook_endpoint.tested',
  'webhook_delivery.retried',
  'payment.created',
  'payment.asked',
  'payments.exported',
  'statement.imported',
] as const
/** One kind of thing that is recorded. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** Who did it. `cli` is somebody at the machine's command line, `system` the gateway by itself. */
export type AuditActor =
  | { kind: 'key'; id: Uuid; name: string }
  | { kind: 'user'; id: string; email: string; role: string }
  | { kind: 'cli' }
  | { kind: 'system' }

/** Every kind of actor. */
export const AUDIT_ACTOR_KINDS = ['key', 'user', 'cli', 'system'] as const

/** A fact of an entry. Never a secret, and never a whole phone number. */
export type AuditValue = string | number | boolean | null | readonly string[]

/** What a field was, and what it became. */
export type AuditChange = { from: AuditValue; to: AuditValue }

/** Where a request came from; null where there was none. */
export type AuditOrigin = {
  merchantId: Uuid
  /** Which side it is about; null: both. */
  live: boolean | null
  actor: AuditActor
  ip: string | null
  userAgent: string | null
}

/** Something that was done. */
export type AuditEntry = AuditOrigin & {
  action: AuditAction
  /** What it was done to: an id as the API shows it, such as `key_…`, and what people call it. */
  target: { id: string; name?: string | null } | null
  changes?: Readonly<Record<string, AuditChange>>
  /** What else is worth knowing. */
  detail?: Readonly<Record<string, AuditValue>>
}
