// What people do with their accounts, as it stands in the audit log of every merchant that they work for.
import type { AuditAction, AuditActor, AuditEntry } from '../audit/audit-entry.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Database } from '../db/database.ts'
import { prefixedId, type Uuid } from '../ids.ts'
import { maskAddress } from '../mail/mask-address.ts'
import { listMemberships } from './member-store.ts'

type Deps = { db: Database; audit: Pick<AuditLog, 'record'> }

/** Where a request came from. */
export type Origin = { ip: string | null; userAgent: string | null }

/** Something that a person did, or that somebody tried in their name. */
export type PersonalAction = Origin & {
  action: AuditAction
  person: { id: Uuid; email: string }
  /** False: somebody who may be anybody; the person's address is then shown masked. */
  isProven: boolean
  detail?: AuditEntry['detail']
}

/** Records it for each merchant of the person. Never rejects. */
export async function recordPersonal(deps: Deps, did: PersonalAction): Promise<void> {
  const { action, person, isProven, ip, userAgent, detail } = did
  const memberships = await listMemberships(deps, person.id).catch(() => [])
  for (const { merchantId, role } of memberships) {
    const actor: AuditActor = isProven
      ? { kind: 'user', id: person.id, email: person.email, role }
      : { kind: 'system' }
    await deps.audit.record({
      merchantId,
      live: null,
      actor,
      ip,
      userAgent,
      action,
      target: {
        id: prefixedId('usr', person.id),
        name: isProven ? person.email : maskAddress(person.email),
      },
      ...(detail === undefined ? {} : { detail }),
    })
  }
}
