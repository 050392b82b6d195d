// An entry as it is kept: every text bounded and clean, and no phone number whole, whoever forgot to mask it.
import type { Clock } from '../clock.ts'
import type { UuidSource } from '../ids.ts'
import { maskPhone } from '../log.ts'
import type { AuditActor, AuditChange, AuditEntry, AuditValue } from './audit-entry.ts'
import type { EntryFields } from './entry-encoding.ts'

/** Names, addresses and descriptions are shorter; a page of entries stays a page. */
const TEXT_MAX = 300
/** Browsers say who they are in about 120 characters. */
const USER_AGENT_MAX = 256
/** The longest IPv6 address with a zone is shorter. */
const IP_MAX = 64
/** Fields of one entry, and texts of one list: above what any request of ours can change at once. */
const FIELDS_MAX = 40

/** The entry as it is kept, made now. */
export function entryFields(deps: { clock: Clock; newUuid: UuidSource }, entry: AuditEntry): EntryFields {
  return {
    merchantId: entry.merchantId,
    id: deps.newUuid(),
    at: new Date(deps.clock.now()).toISOString().replace('Z', '000Z'),
    live: entry.live,
    action: entry.action,
    ...actorFields(entry.actor),
    targetId: entry.target === null ? null : clean(entry.target.id),
    targetName: cleanOrNull(entry.target?.name),
    changes: JSON.stringify(boundedFields(entry.changes ?? {}, cleanChange)),
    detail: JSON.stringify(boundedFields(entry.detail ?? {}, cleanValue)),
    ip: cleanOrNull(entry.ip, IP_MAX),
    userAgent: cleanOrNull(entry.userAgent, USER_AGENT_MAX),
  }
}

type ActorFields = Pick<EntryFields, 'actorKind' | 'actorId' | 'actorName' | 'actorRole'>

function actorFields(actor: AuditActor): ActorFields {
  switch (actor.kind) {
    case 'key':
      return { actorKind: 'key', actorId: actor.id, actorName: clean(actor.name), actorRole: null }
    case 'user': {
      const { id, email, role } = actor
      return { actorKind: 'user', actorId: clean(id), actorName: clean(email), actorRole: clean(role) }
    }
    case 'cli':
    case 'system':
      return { actorKind: actor.kind, actorId: null, actorName: null, actorRole: null }
  }
}

function boundedFields<T>(fields: Readonly<Record<string, T>>, cleanOne: (value: T) => T): Record<string, T> {
  const entries = Object.entries(fields).slice(0, FIELDS_MAX)
  return Object.fromEntries(entries.map(([name, value]) => [name, cleanOne(value)]))
}

function cleanChange({ from, to }: AuditChange): AuditChange {
  return { from: cleanValue(from), to: cleanValue(to) }
}

function cleanValue(value: AuditValue): AuditValue {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'object' && value !== null)
    return value.slice(0, FIELDS_MAX).map((text) => clean(text))
  return value
}

function cleanOrNull(text: string | null | undefined, lengthMax = TEXT_MAX): string | null {
  return text === null || text === undefined ? null : clean(text, lengthMax)
}

/** Kenyan numbers in their usual forms, when they stand by themselves. */
const PHONE = /(?<!\w)\+?(?:254|0)?[17]\d{8}(?!\w)/g
/** PostgreSQL takes no NUL; the others would let one line look like two. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu

function clean(text: string, lengthMax = TEXT_MAX): string {
  const whole = text.toWellFormed().replace(CONTROLS, ' ')
  const shown = whole.length <= lengthMax ? whole : `${whole.slice(0, lengthMax - 1).toWellFormed()}…`
  return shown.replace(PHONE, maskPhone)
}
