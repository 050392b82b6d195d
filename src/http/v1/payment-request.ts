// Reading the requests on payments: a new one, and the filters of the list.
import type { FastifyRequest } from 'fastify'
import { parsePrefixedId, type Uuid } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import type { PaymentRequest } from '../../payments/create.ts'
import { PAYMENT_STATES } from '../../payments/payment.ts'
import type { PaymentFilter } from '../../payments/payment-read-store.ts'
import { DEFAULT_EXPIRES_IN_MS } from '../create-payment.ts'
import {
  DESCRIPTION_LENGTH_MAX,
  type FieldReader,
  REFERENCE_LENGTH_MAX,
  readFields,
  TAG_LENGTH_MAX,
} from '../field-reader.ts'
import { choicesOf, numberOf, phoneOf, textMapOf, textOf, timeOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { WAIT_SECONDS_MAX } from '../wait.ts'
import { type PageWish, readPage } from './page.ts'

/** Less than this a push itself may take. */
export const EXPIRES_IN_SECONDS_MIN = 5
/** An hour: nobody waits longer to be asked for money. */
export const EXPIRES_IN_SECONDS_MAX = 3_600
/** Labels of the merchant's own, not documents. */
export const METADATA_LIMITS = { max: 20, key: 40, value: 500 } as const

const SECOND_MS = 1_000
/** Safaricom's receipts have 10 characters. */
const RECEIPT_LENGTH_MAX = 40
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

/** `sc_…` or the number itself. */
function readShortcode(fields: FieldReader): { id: Uuid | null; number: string | null } {
  const text = fields.optional('shortcode', textOf({ max: SHORTCODE_LENGTH_MAX }))
  if (text === null) return { id: null, number: null }
  if (SHORTCODE_NUMBER.test(text)) return { id: null, number: text }
  const id = parsePrefixedId('sc', text)
  if (id === null) fields.fault('shortcode', 'must be the number or the id (sc_…) of one of your shortcodes')
  return { id, number: null }
}

/** Reads the query string of `GET /v1/payments`. */
export function readPaymentList(request: FastifyRequest): { filter: PaymentFilter; page: PageWish } {
  const fields = readFields(request.query)
  const states = fields.optional('status', choicesOf(PAYMENT_STATES))
  const phone = fields.optional('phone', phoneOf)
  const reference = fields.optional('reference', textOf({ max: REFERENCE_LENGTH_MAX }))
  const receipt = fields.optional('receipt', textOf({ max: RECEIPT_LENGTH_MAX }))
  const tag = fields.optional('tag', textOf({ max: TAG_LENGTH_MAX }))
  const createdAfter = fields.optional('created_after', timeOf)
  const createdBefore = fields.optional('created_before', timeOf)
  const page = readPage(fields, 'payments')
  fields.checkAll()
  const filter: PaymentFilter = {
    ...(states !== null && { states }),
    ...(phone !== null && { phone }),
    ...(reference !== null && { reference }),
    ...(receipt !== null && { receipt }),
    ...(tag !== null && { tag }),
    ...(createdAfter !== null && { createdAfter }),
    ...(createdBefore !== null && { createdBefore }),
  }
  return { filter, page }
}
