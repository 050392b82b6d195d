// `/v1/account`: who asks.
import type { FastifyInstance } from 'fastify'
import { prefixedId } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { SCOPES } from '../../merchants/scopes.ts'
import { UNAUTHENTICATED_TEXT } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { accountSchema } from './account-schema.ts'

/** Adds the route. Everybody who is let in may ask. */
export function accountRoutes(app: FastifyInstance): void {
  app.get('/account', { schema: accountSchema }, async (request) => {
    if (request.principal === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
    readFields(request.query).checkAll()
    return accountResource(request.principal)
  })
}

function accountResource(principal: Principal) {
  const { actor } = principal
  return {
    object: 'account',
    merchant: { id: prefixedId('mer', principal.merchantId), name: principal.merchantName },
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
