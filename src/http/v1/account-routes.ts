// `/v1/account`: who this key is.
import type { FastifyInstance } from 'fastify'
import { prefixedId } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { SCOPES } from '../../merchants/scopes.ts'
import { UNAUTHENTICATED_TEXT } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { accountSchema } from './account-schema.ts'

/** Adds the route. Every key may ask. */
export function accountRoutes(app: FastifyInstance): void {
  app.get('/account', { schema: accountSchema }, async (request) => {
    if (request.principal === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
    readFields(request.query).checkAll()
    return accountResource(request.principal)
  })
}

function accountResource(principal: Principal) {
  return {
    object: 'account',
    merchant: { id: prefixedId('mer', principal.merchantId), name: principal.merchantName },
    api_key: prefixedId('key', principal.keyId),
    live: principal.live,
    shortcode: principal.shortcodeId === null ? null : prefixedId('sc', principal.shortcodeId),
    scopes: SCOPES.filter((scope) => principal.scopes.has(scope)),
  }
}
