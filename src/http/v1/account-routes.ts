// `/v1/account`: who asks.
import type { FastifyInstance } from 'fastify'
import { prefixedId } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { SCOPES } from '../../merchants/scopes.ts'
import { UNAUTHENTICATED_TEXT } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { accountSchema } from './account-schema.ts'
import type { V1Deps } from './v1-deps.ts'

/** Adds the route. Everybody who is let in may ask. */
export function accountRoutes(
  app: FastifyInstance,
  { merchantSettings }: Pick<V1Deps, 'merchantSettings'>,
): void {
  app.get('/account', { schema: accountSchema }, async (request) => {
    if (request.principal === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
    readFields(request.query).checkAll()
    const kept = await merchantSettings.read(request.principal.merchantId)
    if (kept === null) throw new Error('the merchant of a request is gone')
    return accountResource(request.principal, kept.settings.time_zone)
  })
}

function accountResource(principal: Principal, timeZone: string) {
  const { actor } = principal
  return {
    object: 'account',
    merchant: {
      id: prefixedId('mer', principal.merchantId),
      name: principal.merchantName,
      time_zone: timeZone,
    },
    api_key: actor.kind === 'key' ? prefixedId('key', actor.id) : null,
    user:
      actor.kind === 'user'
        ? { id: prefixedId('usr', actor.id), email: actor.email, role: actor.role }
        : null,
    live: principal.live,
    shortcode: principal.shortcodeId === null ? null : prefixedId('sc', principal.shortcodeId),
    scopes: SCOPES.filter((scope) => principal.scopes.has(scope)),
  }
}
