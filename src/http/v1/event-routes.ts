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
    const page = await deps.payments.feed(principal, { limit, after, type })
    return {
      object: 'list',
      data: page.events.map(eventResource),
      has_more: page.hasMore,
      // The end of the feed is no end: who comes again later goes on from here.
      next_cursor: page.next === null ? null : encodeFeedCursor(page.next),
    }
  })
}
