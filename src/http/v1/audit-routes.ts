// `/v1/audit_log`: who did what, from where.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AUDIT_ACTIONS } from '../../audit/audit-entry.ts'
import type { AuditLog } from '../../audit/audit-log.ts'
import type { AuditFilter } from '../../audit/audit-store.ts'
import { parsePrefixedId } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { principalWith } from '../authentication.ts'
import { readFields, type ValueReader } from '../field-reader.ts'
import { choiceOf, timeOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { type AuditEntryResource, auditEntryResource } from './audit-resource.ts'
import { listAuditLogSchema } from './audit-schema.ts'
import { decodeAuditCursor, encodeAuditCursor } from './cursor.ts'
import { type List, readCursor, readLimit } from './page.ts'

/** Adds the route. */
export function auditRoutes(app: FastifyInstance, { audit }: { audit: Pick<AuditLog, 'list'> }): void {
  app.get('/audit_log', { schema: listAuditLogSchema }, async (request) => {
    const principal = principalWith(request, 'audit:read')
    if (principal.shortcodeId !== null) {
      throw new HttpError('forbidden', 'This key is bound to one shortcode; the audit log is of all of them.')
    }
    const { filter, limit, before } = readWish(request)
    const wish = { limit: limit + 1, before }
    const entries = await audit.list(principal.merchantId, { ...filter, ...sidesOf(principal) }, wish)
    const shown = entries.slice(0, limit)
    const last = shown.at(-1)
    const hasMore = entries.length > shown.length
    const page: List<AuditEntryResource> = {
      object: 'list',
      data: shown.map(auditEntryResource),
      has_more: hasMore,
      next_cursor: hasMore && last !== undefined ? encodeAuditCursor(last.sequence) : null,
    }
    return page
  })
}

/** Test keys are handed around: what the people of the merchant did is not for them. */
function sidesOf({ actor, live }: Principal): Pick<AuditFilter, 'sides'> {
  if (actor.kind === 'user') return {}
  return { sides: live ? ['live', 'both'] : ['test'] }
}

function readWish(request: FastifyRequest): { filter: AuditFilter; limit: number; before: bigint | null } {
  const fields = readFields(request.query)
  const action = fields.optional('action', choiceOf(AUDIT_ACTIONS))
  const actor = fields.optional('actor', actorOf)
  const since = fields.optional('since', timeOf)
  const until = fields.optional('until', timeOf)
  const limit = readLimit(fields)
  const before = readCursor(fields, decodeAuditCursor)
  fields.checkAll()
  const filter: AuditFilter = {
    ...(action !== null && { action }),
    ...(actor !== null && { actor }),
    ...(since !== null && { since }),
    ...(until !== null && { until }),
  }
  return { filter, limit, before }
}

const actorOf: ValueReader<string> = (value) => {
  if (value === 'cli' || value === 'system') return { ok: true, value }
  const text = typeof value === 'string' ? value : ''
  const id = parsePrefixedId('key', text) ?? parsePrefixedId('usr', text)
  if (id !== null) return { ok: true, value: id }
  return { ok: false, problem: 'must be the id of a key (key_…) or of a person (usr_…), or cli, or system' }
}
