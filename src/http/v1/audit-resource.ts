// An entry of the audit log as the native API shows it.
import type { ChainEntry } from '../../audit/audit-store.ts'
import { parseUuid, prefixedId } from '../../ids.ts'

/** The resource `audit_entry`. */
export type AuditEntryResource = {
  id: string
  object: 'audit_entry'
  sequence: number
  at: string
  action: string
  live: boolean | null
  actor: { kind: string; id: string | null; name: string | null; role: string | null }
  target: { id: string; name: string | null } | null
  changes: readonly { field: string; from: unknown; to: unknown }[]
  detail: Readonly<Record<string, unknown>>
  ip: string | null
  user_agent: string | null
  hash: string
}

/** Renders `entry`. */
export function auditEntryResource(entry: ChainEntry): AuditEntryResource {
  return {
    id: prefixedId('aud', entry.id),
    object: 'audit_entry',
    sequence: Number(entry.sequence),
    // A time of ours has milliseconds, and shows them; more digits are somebody else's work.
    at: entry.at.replace(/000Z$/, 'Z'),
    action: entry.action,
    live: entry.live,
    actor: {
      kind: entry.actorKind,
      id: shownActor(entry.actorKind, entry.actorId),
      name: entry.actorName,
      role: entry.actorRole,
    },
    target: entry.targetId === null ? null : { id: entry.targetId, name: entry.targetName },
    changes: Object.entries(readObject(entry.changes)).map(readChange),
    detail: readObject(entry.detail),
    ip: entry.ip,
    user_agent: entry.userAgent,
    hash: entry.hash.toString('hex'),
  }
}

function shownActor(kind: string, id: string | null): string | null {
  const uuid = id === null ? null : parseUuid(id)
  return uuid === null ? id : prefixedId(kind === 'key' ? 'key' : 'usr', uuid)
}

function readChange([field, change]: [string, unknown]): { field: string; from: unknown; to: unknown } {
  const { from = null, to = null } = readObject(change)
  return { field, from, to }
}

/** What was altered in the database must not take the page down that would show it. */
function readObject(value: unknown): Record<string, unknown> {
  const read: unknown = typeof value === 'string' ? parseJson(value) : value
  const isObject = typeof read === 'object' && read !== null && !Array.isArray(read)
  return isObject ? Object.fromEntries(Object.entries(read)) : {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
