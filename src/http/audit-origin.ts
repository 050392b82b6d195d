// Who asked and from where, as the audit log keeps it.
import type { FastifyRequest } from 'fastify'
import type { AuditOrigin } from '../audit/audit-entry.ts'
import type { Principal } from '../merchants/key-authenticator.ts'

/** The one who asks, on the side of theirs; spread it into an entry. */
export function auditOrigin(request: FastifyRequest, principal: Principal): AuditOrigin {
  return {
    merchantId: principal.merchantId,
    live: principal.live,
    actor: principal.actor,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
  }
}
