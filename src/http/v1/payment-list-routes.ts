// `GET /v1/payments` and `/v1/payments/export`: many payments, as pages or as one file.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditValue } from '../../audit/audit-entry.ts'
import { createLocalClock } from '../../local-time.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { createFairPlaces } from '../../payments/fair-places.ts'
import type { Owner } from '../../payments/payment-read-store.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { needsLook, type SearchPage, type SearchWish } from '../../payments/payment-search-store.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith, stillHas } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { whenGone } from '../when-gone.ts'
import { readTimeZone } from './overview-routes.ts'
import { csvPages, csvRow } from './payment-csv.ts'
import {
  encodePosition,
  ownerOf,
  type PaymentWish,
  readPaymentWish,
  readSearchPage,
} from './payment-list-request.ts'
import { exportPaymentsSchema, listPaymentsSchema } from './payment-list-schema.ts'
import type { V1Deps } from './v1-deps.ts'

type ListDeps = Pick<V1Deps, 'payments' | 'insight' | 'audit'>

/** Files that one process makes at a time: each keeps a connection of the pool busy. */
export const EXPORTS_MAX = 4
/** One merchant may have as many as are free: two, and then there are two for others. */
const EXPORTS_TIMES_FREE = 1
const RETRY_AFTER_SECONDS = 30

/** Adds the routes. */
export function paymentListRoutes(app: FastifyInstance, deps: ListDeps): void {
  app.get('/payments', { schema: listPaymentsSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const fields = readFields(request.query)
    const wish = readPaymentWish(fields)
    const { limit, from } = readSearchPage(fields)
    fields.checkAll()
    const owner = await ownerOf(deps.insight, principal, wish.shortcode)
    const page = await readPage(deps, owner, { ...wish, limit, from })
    return {
      object: 'list',
      data: page.payments.map(paymentResource),
      has_more: page.next !== null,
      next_cursor: page.next === null ? null : encodePosition(page.next),
      searched_until: page.searchedUntil === null ? null : page.searchedUntil.toISOString(),
    }
  })
  exportRoute(app, deps)
}

/** A list without a search is one read more: it needs nothing but the list of the core. */
async function readPage(deps: ListDeps, owner: Owner, wish: SearchWish): Promise<SearchPage> {
  if (wish.terms !== null || needsLook(wish.filter)) return deps.insight.search(owner, wish)
  const { limit, filter, from } = wish
  const rows = await deps.payments.list(owner, filter, { limit: limit + 1, before: from?.before ?? null })
  const payments = rows.slice(0, limit)
  const last = payments.at(-1)
  const isCut = rows.length > limit && last !== undefined
  return { payments, next: isCut ? { stage: 'listed', before: last.id } : null, searchedUntil: null }
}

function exportRoute(app: FastifyInstance, deps: ListDeps): void {
  const places = createFairPlaces({ max: () => EXPORTS_MAX })
  const options = { schema: exportPaymentsSchema, exposeHeadRoute: false }
  app.get('/payments/export', options, async (request, reply) => {
    const principal = principalWith(request, 'payments:export')
    const parties = [{ name: principal.merchantId, timesFree: EXPORTS_TIMES_FREE }]
    if (!places.hasRoom(parties)) {
      const text = 'Too many files are being made. Try again when one of them is done.'
      throw new HttpError('rate_limited', text, { retryAfterSeconds: RETRY_AFTER_SECONDS })
    }
    places.enter(parties)
    whenGone(reply, () => places.leave(parties))
    const { wish, owner, timeZone } = await readExportWish(deps, request, principal)
    if (wish.terms === null) {
      reply.header('sukuma-rows-estimate', await deps.insight.estimate(owner, wish.filter))
    }
    const detail = { ...describeWish(wish), time_zone: timeZone }
    const origin = auditOrigin(request, principal)
    await deps.audit.record({ ...origin, action: 'payments.exported', target: null, detail })
    const clock = createLocalClock(timeZone)
    const pages = csvPages({
      read: (page) => readPage(deps, owner, { ...wish, ...page }),
      row: (payment) => csvRow(payment, clock),
      check: () => stillMay(request),
    })
    const { date } = clock.at(Date.now())
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="payments-${date}.csv"`)
      .header('x-accel-buffering', 'no')
      .send(Readable.from(pages, { objectMode: false, highWaterMark: 1 }))
  })
}

async function readExportWish(deps: ListDeps, request: FastifyRequest, principal: Principal) {
  const fields = readFields(request.query)
  const wish = readPaymentWish(fields)
  const timeZone = readTimeZone(fields) ?? (await deps.insight.timeZoneOf(principal.merchantId))
  fields.checkAll()
  return { wish, timeZone, owner: await ownerOf(deps.insight, principal, wish.shortcode) }
}

/** A key that was revoked, or somebody signed out, gets no more of the file. */
async function stillMay(request: FastifyRequest): Promise<void> {
  if (!(await stillHas(request, 'payments:export'))) throw new Error('the export is no longer allowed')
}

/** By what it was narrowed, not to which customer: the log is kept for good. */
function describeWish({ filter, terms, shortcode }: PaymentWish): Record<string, AuditValue> {
  const { states, createdAfter, createdBefore, ...others } = filter
  const isOfOne = (shortcode.number ?? shortcode.id) !== null
  return {
    filters: [
      ...Object.keys(others),
      ...(terms === null ? [] : ['search']),
      ...(isOfOne ? ['shortcode'] : []),
    ],
    ...(states && { states: [...states] }),
    ...(createdAfter && { created_after: createdAfter.toISOString() }),
    ...(createdBefore && { created_before: createdBefore.toISOString() }),
  }
}
