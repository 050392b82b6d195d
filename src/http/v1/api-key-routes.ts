// `/v1/api_keys`. A key makes keys of its own side that may do no more, and live no longer, than itself.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parsePrefixedId, prefixedId } from '../../ids.ts'
import type { ApiKey } from '../../merchants/api-key.ts'
import type { ApiKeyInput, RotateApiKeyResult } from '../../merchants/api-keys.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { SCOPES, type Scope, USUAL_SCOPES } from '../../merchants/scopes.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { choiceOf, textOf, textsOf, timeOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { apiKeyResource } from './api-key-resource.ts'
import {
  createApiKeySchema,
  listApiKeysSchema,
  readApiKeySchema,
  revokeApiKeySchema,
  rotateApiKeySchema,
} from './api-key-schema.ts'
import { keyTarget, shownKey } from './audited.ts'
import { answerPage, type PageWish, readPage } from './page.ts'
import { found, notFound, pathId } from './path-id.ts'
import { NativeError } from './problem.ts'
import { invalidFields, readOverlap } from './settings-request.ts'
import type { ApiKeySettings, V1Deps } from './v1-deps.ts'

const PATH = '/api_keys'
/** What is right is for the core to say, which counts characters as people do. */
const NAME_LENGTH_MAX = 200
const SCOPE_LENGTH_MAX = 40
const ID_LENGTH_MAX = 40

type Deps = Pick<V1Deps, 'apiKeys' | 'audit'>

/** Adds the routes. */
export function apiKeyRoutes(app: FastifyInstance, { apiKeys, audit }: Deps): void {
  app.post(PATH, { schema: createApiKeySchema }, async (request, reply) => {
    const principal = principalWith(request, 'settings:write')
    const own = await ownOf({ apiKeys }, principal)
    const result = await apiKeys.create(readInput(request, principal, own))
    if (result.code === 'invalid') throw invalidFields(result.errors)
    if (result.code === 'unknown_merchant') throw new Error('the merchant of a key is gone')
    const { key } = result
    const origin = auditOrigin(request, principal)
    await audit.record({
      ...origin,
      action: 'api_key.created',
      target: keyTarget(key),
      detail: shownKey(key),
    })
    return reply.code(201).send({ ...apiKeyResource(key), secret: result.text })
  })

  app.get(PATH, { schema: listApiKeysSchema }, async (request) => {
    const principal = principalWith(request, 'settings:read')
    const fields = readFields(request.query)
    const page = readPage(fields, 'api_keys')
    fields.checkAll()
    return answerPage('api_keys', page, (wish: PageWish) => apiKeys.list(principal, wish), apiKeyResource)
  })

  app.get(`${PATH}/:id`, { schema: readApiKeySchema }, async (request) => {
    const principal = principalWith(request, 'settings:read')
    return apiKeyResource(found(await apiKeys.find(principal, pathId(request, 'key')), 'key'))
  })

  app.delete(`${PATH}/:id`, { schema: revokeApiKeySchema }, async (request) => {
    const principal = principalWith(request, 'settings:write')
    const id = pathId(request, 'key')
    const before = found(await apiKeys.find(principal, id), 'key')
    const key = found(await apiKeys.revoke(principal, id), 'key')
    // Ending what has ended changes nothing.
    if (before.revokedAt === null) {
      const origin = auditOrigin(request, principal)
      await audit.record({
        ...origin,
        action: 'api_key.revoked',
        target: keyTarget(key),
        detail: shownKey(key),
      })
    }
    return apiKeyResource(key)
  })

  app.post(`${PATH}/:id/rotate`, { schema: rotateApiKeySchema }, async (request, reply) => {
    const principal = principalWith(request, 'settings:write')
    const id = pathId(request, 'key')
    const overlap = readOverlap(request) ?? 0
    const former = found(await apiKeys.find(principal, id), 'key')
    refuseStronger(principal, former, await ownOf({ apiKeys }, principal))
    const result = await apiKeys.rotate(principal, id, overlap)
    if (result.code !== 'rotated') throw whyNotRotated(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'api_key.rotated',
      target: keyTarget(former),
      detail: { new_key: prefixedId('key', result.key.id), overlap_seconds: overlap },
    })
    return reply.code(201).send({ ...apiKeyResource(result.key), secret: result.text })
  })
}

function whyNotRotated(result: Exclude<RotateApiKeyResult, { code: 'rotated' }>): Error {
  switch (result.code) {
    case 'invalid':
      return invalidFields(result.errors)
    case 'not_found':
      return notFound('key')
    case 'replaced': {
      const by = prefixedId('key', result.by)
      return new NativeError(
        'key_replaced',
        `This key was replaced by ${by}. Replace that one, or make a key.`,
      )
    }
  }
}

/** What the one who asks may give away. */
type Own = Pick<ApiKey, 'scopes' | 'expiresAt'>

/** Of the key that asks, which can only be gone if it was deleted since; or of a person, whose role lasts. */
async function ownOf(deps: { apiKeys: ApiKeySettings }, principal: Principal): Promise<Own> {
  if (principal.actor.kind === 'user') return { scopes: [...principal.scopes], expiresAt: null }
  const own = await deps.apiKeys.find(principal, principal.actor.id)
  if (own === null) throw new Error('the key of a request is gone')
  return own
}

function readInput(request: FastifyRequest, principal: Principal, own: Own): ApiKeyInput {
  const fields = readFields(request.body)
  const name = fields.text('name', { max: NAME_LENGTH_MAX })
  const asked = fields.optional('scopes', textsOf({ max: SCOPES.length, length: SCOPE_LENGTH_MAX }))
  const scopes = readScopes(asked ?? own.scopes.filter(isUsual))
  if (scopes === null) fields.fault('scopes', `must be one or more of ${SCOPES.join(', ')}`)
  const shortcode = fields.optional('shortcode', textOf({ max: ID_LENGTH_MAX }))
  const shortcodeId = shortcode === null ? principal.shortcodeId : parsePrefixedId('sc', shortcode)
  if (shortcode !== null && shortcodeId === null) {
    fields.fault('shortcode', 'must be the id (sc_…) of one of your shortcodes')
  }
  const expiresAt = fields.optional('expires_at', timeOf) ?? own.expiresAt
  fields.checkAll()
  const wish = { scopes: scopes ?? [], shortcodeId, expiresAt }
  refuseStronger(principal, wish, own)
  return { merchantId: principal.merchantId, live: principal.live, name, ...wish }
}

function isUsual(scope: Scope): boolean {
  return USUAL_SCOPES.includes(scope)
}

/** Null when one of `texts` is no scope, or there is none. */
function readScopes(texts: readonly string[]): Scope[] | null {
  const read = choiceOf(SCOPES)
  const scopes: Scope[] = []
  for (const text of texts) {
    const scope = read(text)
    if (!scope.ok) return null
    scopes.push(scope.value)
  }
  return scopes.length > 0 ? scopes : null
}

/** Throws when a key like `wish` could do what the one that asks cannot. */
function refuseStronger(
  principal: Principal,
  wish: Pick<ApiKey, 'scopes' | 'shortcodeId' | 'expiresAt'>,
  own: Own,
): void {
  const missing = wish.scopes.filter((scope) => !principal.scopes.has(scope))
  if (missing.length > 0) {
    const { actor } = principal
    const asker = actor.kind === 'key' ? 'This key' : `The role ${actor.role}`
    throw new HttpError('forbidden', `${asker} lacks ${missing.join(', ')}, and so cannot give it to a key.`)
  }
  if (principal.shortcodeId !== null && wish.shortcodeId !== principal.shortcodeId) {
    throw new HttpError('forbidden', 'This key is bound to one shortcode; its keys must be bound to it too.')
  }
  const lasts = wish.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  if (own.expiresAt !== null && lasts > own.expiresAt.getTime()) {
    throw new HttpError(
      'forbidden',
      `This key expires at ${own.expiresAt.toISOString()}; its keys cannot outlive it.`,
    )
  }
}
