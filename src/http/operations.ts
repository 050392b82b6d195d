// What load balancers and monitors ask.
import type { FastifyInstance } from 'fastify'
import { answer } from './schema-parts.ts'
import { Type } from './schema-type.ts'

/** What the routes need. */
export type OperationsDeps = {
  /** Whether a payment could be taken now, and why not. */
  ready(): Promise<{ ok: true } | { ok: false; reason: string }>
}

const TAG = 'Operations'

/** The server's own answer to what is no HTTP, as it is everywhere. */
const unreadable = answer(
  'The request is no valid HTTP.',
  Type.Object({ error: Type.String(), message: Type.String(), statusCode: Type.Integer() }),
  { examples: { unreadable: { error: 'Bad Request', message: 'Client Error', statusCode: 400 } } },
)

const healthSchema = {
  operationId: 'readHealth',
  tags: [TAG],
  summary: 'Whether the process runs',
  security: [],
  response: {
    200: answer('It runs.', Type.Object({ status: Type.Literal('ok') }), {
      examples: { ok: { status: 'ok' } },
    }),
    400: unreadable,
  },
}

const readySchema = {
  operationId: 'readReadiness',
  tags: [TAG],
  summary: 'Whether it can take a payment',
  description: 'The database answers and is migrated.',
  security: [],
  response: {
    200: answer('It can.', Type.Object({ status: Type.Literal('ready') }), {
      examples: { ready: { status: 'ready' } },
    }),
    400: unreadable,
    503: answer('It cannot.', Type.Object({ status: Type.Literal('unavailable'), reason: Type.String() }), {
      examples: { unavailable: { status: 'unavailable', reason: 'The database cannot be reached.' } },
    }),
  },
}

/** Adds `/healthz` and `/readyz`. */
export async function registerOperations(app: FastifyInstance, deps: OperationsDeps): Promise<void> {
  app.get('/healthz', { schema: healthSchema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'ok' }
  })
  app.get('/readyz', { schema: readySchema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const readiness = await deps.ready()
    if (readiness.ok) return { status: 'ready' }
    return reply.code(503).send({ status: 'unavailable', reason: readiness.reason })
  })
}
