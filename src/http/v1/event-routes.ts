// `/v1/events`: the feed of everything that happened, in order, to catch up after an outage.
import type { FastifyInstance } from 'fastify'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { choiceOf } from '../field-values.ts'
import { decodeFeedCursor, encodeFeedCursor } from './cursor.ts'
import { type EventResource, eventResource } from './event-resource.ts'
import { EVENT_TYPES, listEventsSchema } from './event-schema.ts'
import { type List, readCursor, readLimit } from './page.ts'
import type { V1Payments } from './v1-deps.ts'

/** Adds the route. */
export function eventRoutes(app: FastifyInstance, deps: { payments: V1Payments }): void {
  app.get('/events', { schema: listEventsSchema }, async (request): Promise<List<EventResource>> => {
    const principal = principalWith(request, 'payments:read')
    const fields = readFields(request.query)
    const type = fields.optional('type', choiceOf(EVENT_TYPES))
    const limit = readLimit(fields)
    const after = readCursor(fields, decodeFeedCursor)
    fields.checkAll()
    const events = await deps.payments.feed(principal, { limit: limit + 1, after, type })
    const shown = events.slice(0, limit)
    // The end of the feed is no end: who comes again later goes on from here.
    const position = shown.at(-1)?.position ?? after
    return {
      object: 'list',
      data: shown.map(eventResource),
      has_more: events.length > shown.length,
      next_cursor: position === null ? null : encodeFeedCursor(position),
    }
  })
}
