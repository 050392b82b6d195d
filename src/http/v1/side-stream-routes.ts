// `GET /v1/payments/stream`: a merchant's side, live.
import type { FastifyInstance } from 'fastify'
import { principalWith, stillHas } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { answer, EVENT_STREAM_TYPE } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { LAST_EVENT_ID } from './payment-stream.ts'
import { problems } from './problem-schema.ts'
import { createSideStreams } from './side-stream.ts'
import type { V1Deps } from './v1-deps.ts'

const streamPaymentsSchema = {
  operationId: 'streamPayments',
  tags: ['Payments'],
  summary: 'Follow all payments',
  description:
    'Server-sent events: `payment` with a payment that is new or has changed, within about a second; a ' +
    'payment may come twice. `heartbeat` at once and every ten seconds. `reset`: more has happened than ' +
    'can be told, load your lists anew. Connect again with `Last-Event-ID`, and nothing is missed. To miss ' +
    'nothing at first either, load your lists after the first message. Ends after ten minutes, with its ' +
    'key, and when it is not read. Needs the scope `payments:read`.',
  headers: Type.Object({
    'Last-Event-ID': Type.Optional(
      Type.String({ description: 'The id of the last message, of whatever kind, that was read.' }),
    ),
  }),
  response: {
    200: answer('The stream.', Type.String(), {
      type: EVENT_STREAM_TYPE,
      examples: { event: 'id: 742-1774092655000\nevent: payment\ndata: {"object":"payment"}\n\n' },
    }),
    ...problems(),
  },
}

/** Adds the route. */
export function sideStreamRoutes(app: FastifyInstance, { insight }: Pick<V1Deps, 'insight'>): void {
  const streams = createSideStreams({ insight, now: Date.now })
  app.addHook('preClose', async () => streams.end())
  const options = { schema: streamPaymentsSchema, exposeHeadRoute: false }
  app.get('/payments/stream', options, async (request, reply) => {
    const principal = principalWith(request, 'payments:read')
    readFields(request.query).checkAll()
    const isAllowed = () => stillHas(request, 'payments:read')
    const stream = streams.open(principal, request.headers[LAST_EVENT_ID], isAllowed)
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
  })
}
