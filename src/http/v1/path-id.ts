// The id in an address: what is no id of ours is not found, like what is not there.
import type { FastifyRequest } from 'fastify'
import { type IdPrefix, parsePrefixedId, type Uuid } from '../../ids.ts'
import { HttpError } from '../http-error.ts'

/** How what an id names is called. */
const NOUNS: Record<IdPrefix, string> = {
  pay: 'payment',
  evt: 'event',
  we: 'webhook endpoint',
  wd: 'webhook delivery',
  sc: 'shortcode',
  key: 'API key',
  mer: 'merchant',
  aud: 'audit entry',
  usr: 'member',
  inv: 'invitation',
  ses: 'session',
}

/** The error for what is not there, is not theirs, or never was an id. */
export function notFound(prefix: IdPrefix): HttpError {
  return new HttpError('not_found', `There is no such ${NOUNS[prefix]}.`)
}

/** The id in the address of `request`. */
export function pathId(request: FastifyRequest, prefix: IdPrefix): Uuid {
  const { params } = request
  const text = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined
  const id = typeof text === 'string' ? parsePrefixedId(prefix, text) : null
  if (id === null) throw notFound(prefix)
  return id
}

/** What was found, or the error for what was not. */
export function found<T>(value: T | null, prefix: IdPrefix): T {
  if (value === null) throw notFound(prefix)
  return value
}
