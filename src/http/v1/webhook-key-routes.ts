// `/.well-known/webhook-keys`: the public keys by which anyone verifies webhooks, without an API key.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type IdPrefix, parsePrefixedId, type Uuid } from '../../ids.ts'
import { type GuessLimit, refuseGuess } from '../guess-limit.ts'
import { PROBLEM_TYPE } from '../schema-parts.ts'
import { installErrors } from '../surface-errors.ts'
import { notFound } from './path-id.ts'
import { PROBLEM_STATUS, problemOf } from './problem.ts'
import type { V1Deps } from './v1-deps.ts'
import { readPublicKeysSchema } from './webhook-key-schema.ts'

/**
 * As often as receivers are to read them again. What is between them and us may keep a key for so long that
 * was taken out of force at once.
 */
const CACHE_SECONDS = 60

const TOO_MANY_TEXT =
  'Too many requests from this address for keys that do not exist. Those that do are always answered.'

/** Adds the route below its prefix and answers its errors as problems. */
export async function webhookKeyRoutes(
  app: FastifyInstance,
  deps: Pick<V1Deps, 'publicUrl'> & {
    webhooks: Pick<V1Deps['webhooks'], 'findPublicKeys'>
    guessLimit: GuessLimit
  },
): Promise<void> {
  installErrors(app, (error, request) => {
    const body = problemOf(error, request, deps.publicUrl())
    return { status: PROBLEM_STATUS[body.code], body, contentType: PROBLEM_TYPE }
  })
  app.get('/:merchant/:endpoint', { schema: readPublicKeysSchema }, async (request, reply) => {
    const merchantId = idIn(request, 'merchant', 'mer')
    const endpointId = idIn(request, 'endpoint', 'we')
    const keys = await deps.webhooks.findPublicKeys(merchantId, endpointId)
    if (keys === null) throw refuseGuess(deps.guessLimit, { request, reply }, notFound('we'), TOO_MANY_TEXT)
    const { current, former } = keys
    reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`)
    const along = former.map(({ value, expiresAt }) => ({
      ...KEY,
      public_key: value,
      expires_at: expiresAt.toISOString(),
    }))
    return {
      object: 'webhook_keys',
      keys: [{ ...KEY, public_key: current, expires_at: null }, ...along],
    }
  })
}

const KEY = { scheme: 'v1a', algorithm: 'ed25519' } as const

/** What is no id is not found either. */
function idIn(request: FastifyRequest, name: 'merchant' | 'endpoint', prefix: IdPrefix): Uuid {
  const { params } = request
  const text = typeof params === 'object' && params !== null ? Object.entries(params) : []
  const value: unknown = text.find(([key]) => key === name)?.[1]
  const id = typeof value === 'string' ? parsePrefixedId(prefix, value) : null
  if (id === null) throw notFound('we')
  return id
}
