// `/v1/shortcodes`. A live key sees and changes production shortcodes, a test key the others; a key that is
// bound to one shortcode, that one only.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { prefixedId, type Uuid } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import {
  isLive,
  SHORTCODE_ENVIRONMENTS,
  SHORTCODE_KINDS,
  type Shortcode,
  type ShortcodeCredentials,
} from '../../merchants/shortcode.ts'
import { shortcodeResource } from '../../merchants/shortcode-resource.ts'
import type { ShortcodeChange, ShortcodeInput } from '../../merchants/shortcodes.ts'
import type { VerifyShortcodeResult } from '../../merchants/verify-shortcode.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { type FieldReader, readFields } from '../field-reader.ts'
import { booleanOf, choiceOf, textOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { changesBetween, shortcodeTarget, shownShortcode } from './audited.ts'
import { answerPage, type PageWish, readPage } from './page.ts'
import { found, notFound, pathId } from './path-id.ts'
import { NativeError } from './problem.ts'
import { invalidFields, readOptionalBody } from './settings-request.ts'
import {
  createShortcodeSchema,
  listShortcodesSchema,
  readShortcodeSchema,
  updateShortcodeSchema,
  verifyShortcodeSchema,
} from './shortcode-schema.ts'
import type { ShortcodeSettings, V1Deps } from './v1-deps.ts'

const PATH = '/shortcodes'
/** Longer than any number or credential of Safaricom's; what is right is for the core to say. */
const TEXT_LENGTH_MAX = 300

/** Adds the routes. */
export function shortcodeRoutes(
  app: FastifyInstance,
  { shortcodes, audit }: Pick<V1Deps, 'shortcodes' | 'audit'>,
): void {
  app.post(PATH, { schema: createShortcodeSchema }, async (request, reply) => {
    const principal = principalWith(request, 'settings:write')
    if (principal.shortcodeId !== null) {
      throw new HttpError('forbidden', 'This key is bound to one shortcode and cannot add another.')
    }
    const result = await shortcodes.create(readInput(request, principal))
    switch (result.code) {
      case 'created':
        await audit.record({
          ...auditOrigin(request, principal),
          action: 'shortcode.created',
          target: shortcodeTarget(result.shortcode),
          detail: shownShortcode(result.shortcode),
        })
        return reply.code(201).send(shortcodeResource(result.shortcode))
      case 'duplicate': {
        const { id } = shortcodeResource(result.shortcode)
        throw new NativeError(
          'duplicate_shortcode',
          `It is there already, as ${id}; change that one instead.`,
        )
      }
      case 'invalid':
        throw invalidFields(result.errors)
      case 'unknown_merchant':
        throw new Error('the merchant of a key is gone')
    }
  })

  app.get(PATH, { schema: listShortcodesSchema }, async (request) => {
    const principal = principalWith(request, 'settings:read')
    const fields = readFields(request.query)
    const page = readPage(fields, 'shortcodes')
    fields.checkAll()
    const read = (wish: PageWish) => listFor({ shortcodes }, principal, wish)
    return answerPage('shortcodes', page, read, shortcodeResource)
  })

  app.get(`${PATH}/:id`, { schema: readShortcodeSchema }, async (request) => {
    const principal = principalWith(request, 'settings:read')
    return shortcodeResource(await findFor({ shortcodes }, principal, pathId(request, 'sc')))
  })

  changeRoutes(app, { shortcodes, audit })
}

function changeRoutes(
  app: FastifyInstance,
  { shortcodes, audit }: Pick<V1Deps, 'shortcodes' | 'audit'>,
): void {
  app.patch(`${PATH}/:id`, { schema: updateShortcodeSchema }, async (request) => {
    const principal = principalWith(request, 'settings:write')
    const before = await findFor({ shortcodes }, principal, pathId(request, 'sc'))
    const change = readChange(request)
    const result = await shortcodes.update(principal.merchantId, before.id, change)
    if (result.code === 'invalid') throw invalidFields(result.errors)
    if (result.code === 'not_found') throw notFound('sc')
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'shortcode.updated',
      target: shortcodeTarget(result.shortcode),
      changes: changesBetween(shownShortcode(before), shownShortcode(result.shortcode)),
      ...(change.credentials && {
        detail: { credentials_set: Object.keys(change.credentials).map(asField) },
      }),
    })
    return shortcodeResource(result.shortcode)
  })

  app.post(`${PATH}/:id/verify`, { schema: verifyShortcodeSchema }, async (request) => {
    const principal = principalWith(request, 'settings:write')
    const { id } = await findFor({ shortcodes }, principal, pathId(request, 'sc'))
    readOptionalBody(request).checkAll()
    const result = await shortcodes.verify(principal.merchantId, id)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'shortcode.verified',
      target: { id: prefixedId('sc', id) },
      detail: { result: result.code },
    })
    return shortcodeResource(verified(result))
  })
}

/** `consumerKey` as the API names it. */
function asField(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

type Deps = { shortcodes: ShortcodeSettings }

function mayUse(principal: Principal, shortcode: Shortcode): boolean {
  const isBoundElsewhere = principal.shortcodeId !== null && principal.shortcodeId !== shortcode.id
  return shortcode.live === principal.live && !isBoundElsewhere
}

async function findFor(deps: Deps, principal: Principal, id: Uuid): Promise<Shortcode> {
  const shortcode = found(await deps.shortcodes.find(principal.merchantId, id), 'sc')
  if (!mayUse(principal, shortcode)) throw notFound('sc')
  return shortcode
}

async function listFor(deps: Deps, principal: Principal, page: PageWish): Promise<Shortcode[]> {
  if (principal.shortcodeId === null) return deps.shortcodes.list(principal, page)
  const bound = await deps.shortcodes.find(principal.merchantId, principal.shortcodeId)
  const isOnPage = bound !== null && (page.before === null || bound.id < page.before)
  return isOnPage && mayUse(principal, bound) ? [bound] : []
}

function readInput(request: FastifyRequest, principal: Principal): ShortcodeInput {
  const fields = readFields(request.body)
  const environment = fields.required('environment', choiceOf(SHORTCODE_ENVIRONMENTS))
  if (environment !== null && isLive({ environment }) !== principal.live) {
    const allowed = principal.live
      ? 'production, as this key is a live one'
      : 'simulator or sandbox with a test key'
    fields.fault('environment', `must be ${allowed}`)
  }
  const kind = fields.optional('kind', choiceOf(SHORTCODE_KINDS)) ?? 'paybill'
  const number = fields.text('number', { max: TEXT_LENGTH_MAX })
  const tillNumber = fields.optionalText('till_number', { max: TEXT_LENGTH_MAX })
  const consumerKey = fields.text('consumer_key', { max: TEXT_LENGTH_MAX })
  const consumerSecret = fields.text('consumer_secret', { max: TEXT_LENGTH_MAX })
  const passkey = fields.text('passkey', { max: TEXT_LENGTH_MAX })
  const pullTransactions = fields.optional('pull_transactions', booleanOf) ?? false
  fields.checkAll()
  if (environment === null) throw new HttpError('invalid', 'Invalid input: environment.')
  const credentials = { consumerKey, consumerSecret, passkey }
  const { merchantId } = principal
  return { merchantId, environment, kind, number, tillNumber, credentials, pullTransactions }
}

function readChange(request: FastifyRequest): ShortcodeChange {
  const fields = readFields(request.body)
  const credentials: Partial<ShortcodeCredentials> = {
    ...given('consumerKey', readCredential(fields, 'consumer_key')),
    ...given('consumerSecret', readCredential(fields, 'consumer_secret')),
    ...given('passkey', readCredential(fields, 'passkey')),
  }
  const pullTransactions = fields.has('pull_transactions')
    ? fields.required('pull_transactions', booleanOf)
    : null
  const status = fields.has('status') ? fields.required('status', choiceOf(['enabled', 'disabled'])) : null
  fields.checkAll()
  return {
    ...(Object.keys(credentials).length > 0 && { credentials }),
    ...(pullTransactions !== null && { pullTransactions }),
    ...(status !== null && { disabled: status === 'disabled' }),
  }
}

function readCredential(fields: FieldReader, name: string): string | null {
  return fields.has(name) ? fields.required(name, textOf({ max: TEXT_LENGTH_MAX })) : null
}

function given<K extends string>(key: K, value: string | null): { [P in K]?: string } {
  const pair: { [P in K]?: string } = {}
  if (value !== null) pair[key] = value
  return pair
}

function verified(result: VerifyShortcodeResult): Shortcode {
  switch (result.code) {
    case 'verified':
      return result.shortcode
    case 'not_found':
      throw notFound('sc')
    case 'refused':
      throw new NativeError('credentials_refused', `Daraja gave no token: ${result.detail}`)
    case 'no_address':
      throw new NativeError('no_daraja_address', 'The simulator is off here, so there is nobody to ask.')
    case 'changed':
      throw new NativeError(
        'changed_meanwhile',
        'The credentials were changed while Daraja was asked. Try again.',
      )
  }
}
