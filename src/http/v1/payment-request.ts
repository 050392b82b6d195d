// Reading the request for a new payment.
import type { FastifyRequest } from 'fastify'
import { parsePrefixedId, type Uuid } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import type { PaymentRequest } from '../../payments/create.ts'
import { DEFAULT_EXPIRES_IN_MS } from '../create-payment.ts'
import {
  DESCRIPTION_LENGTH_MAX,
  type FieldReader,
  REFERENCE_LENGTH_MAX,
  readFields,
  TAG_LENGTH_MAX,
} from '../field-reader.ts'
import { numberOf, textMapOf, textOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { WAIT_SECONDS_MAX } from '../wait.ts'

/** Less than this a push itself may take. */
export const EXPIRES_IN_SECONDS_MIN = 5
/** An hour: nobody waits longer to be asked for money. */
export const EXPIRES_IN_SECONDS_MAX = 3_600
/** Labels of the merchant's own, not documents. */
export const METADATA_LIMITS = { max: 20, key: 40, value: 500 } as const

const SECOND_MS = 1_000
/** `sc_` and 32 digits are the longest that names a shortcode. */
const SHORTCODE_LENGTH_MAX = 40
const SHORTCODE_NUMBER = /^\d{5,8}$/

/** A payment to be made, and how long its answer may be held. */
export type CreateWish = { request: PaymentRequest; waitMs: number }

/** Reads the body of `POST /v1/payments`; throws the `invalid` error that names every fault. */
export function readCreateWish(
  request: FastifyRequest,
  principal: Principal,
  idempotencyKey: string | null,
): CreateWish {
  const fields = readFields(request.body)
  const amountKes = fields.amountKes('amount')
  const phone = fields.phone('phone')
  const reference = fields.text('reference', { max: REFERENCE_LENGTH_MAX })
  const description = fields.optionalText('description', { max: DESCRIPTION_LENGTH_MAX })
  const tag = fields.optionalText('tag', { max: TAG_LENGTH_MAX })
  const metadata = fields.optional('metadata', textMapOf(METADATA_LIMITS))
  const named = readShortcode(fields)
  const expiresIn = fields.optional(
    'expires_in',
    numberOf({ min: EXPIRES_IN_SECONDS_MIN, max: EXPIRES_IN_SECONDS_MAX, whole: true }),
  )
  const wait = fields.optional('wait', numberOf({ min: 0, max: WAIT_SECONDS_MAX, whole: false }))
  fields.checkAll()
  if (phone === null) throw new HttpError('invalid', 'Invalid input: phone.')
  if (named.id !== null && principal.shortcodeId !== null && named.id !== principal.shortcodeId) {
    throw new HttpError('no_shortcode', 'This key is bound to another shortcode than the one named.')
  }
  return {
    waitMs: (wait ?? 0) * SECOND_MS,
    request: {
      merchantId: principal.merchantId,
      live: principal.live,
      shortcodeId: named.id ?? principal.shortcodeId,
      shortcodeNumber: named.number,
      amountKes,
      phone,
      reference,
      description,
      tag,
      metadata,
      expiresInMs: expiresIn === null ? DEFAULT_EXPIRES_IN_MS : expiresIn * SECOND_MS,
      idempotencyKey,
    },
  }
}

/** `sc_…` or the number itself; two nulls when none is named. */
export function readShortcode(fields: FieldReader): { id: Uuid | null; number: string | null } {
  const text = fields.optional('shortcode', textOf({ max: SHORTCODE_LENGTH_MAX }))
  if (text === null) return { id: null, number: null }
  if (SHORTCODE_NUMBER.test(text)) return { id: null, number: text }
  const id = parsePrefixedId('sc', text)
  if (id === null) fields.fault('shortcode', 'must be the number or the id (sc_…) of one of your shortcodes')
  return { id, number: null }
}
