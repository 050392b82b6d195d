// What became of a push, decided once from its HTTP exchange. A push cannot be repeated, so only what
// certainly was not processed may be tried again, and whatever is not known for certain is unknown.
import {
  BUSY_CODE,
  type DarajaError,
  describeAnswer,
  isSubscriberLocked,
  isWrongCredentials,
  readDarajaError,
} from './daraja-error.ts'
import type { AnsweredExchange, HttpExchange } from './http-exchange.ts'
import { asObject, codeOf, idOf, isOddZero, textOf } from './json-fields.ts'

/** What a push says that was not sent because Daraja takes neither key nor secret. */
export const CREDENTIALS_REFUSED_TEXT = 'M-Pesa refuses the consumer key and secret of this shortcode'

/** Why Daraja refused a push. None of them showed a prompt. */
export type RefusalCause =
  /** A field of the request: amount, phone, callback address, timestamp, shortcode. */
  | 'invalid'
  /** Shortcode or passkey: the merchant's set-up. */
  | 'credentials'
  /** An earlier prompt is still open on the customer's phone. */
  | 'subscriber_locked'
  /** The path or method does not exist there: a wrong base URL, or an API that the app lacks. */
  | 'endpoint'
  /** HTTP 200 with a ResponseCode other than 0, and no id that a prompt could go by. */
  | 'response_code'

/** Why a push certainly was not processed. */
export type NotProcessedReason =
  | 'not_connected'
  | 'rate_limited'
  | 'busy'
  /** No usable access token, or one refused at the edge. */
  | 'token'
  /** Daraja refused the consumer key or secret. */
  | 'credentials'
  /** `beforeSend` kept the request back. */
  | 'expired'

/** What became of a push. `unknown`: the customer may have a prompt. Texts are clean and bounded. */
export type PushResult =
  | {
      kind: 'accepted'
      merchantRequestId: string
      checkoutRequestId: string
      responseCode: string
      responseDescription: string
      customerMessage: string
    }
  | { kind: 'refused'; errorCode: string; errorMessage: string; httpStatus: number; cause: RefusalCause }
  | { kind: 'not_processed'; reason: NotProcessedReason; retryAfterMs: number | null; detail: string }
  | { kind: 'unknown'; detail: string }

/** What a refusal by ResponseCode is told as: the code itself would pass for a payment's ResultCode. */
export const PUSH_REJECTED_CODE = 'push_rejected'

const TEXT_LENGTH_MAX = 300
const ACCEPTED_CODE = '0'

/** Errors whose code alone decides; 500.001.1001 has several meanings and is read by its text. */
const REFUSALS: { readonly [errorCode: string]: RefusalCause } = {
  '400.002.02': 'invalid',
  '404.001.01': 'endpoint',
  '405.001': 'endpoint',
}
/** Codes that Daraja answers before and after it has asked for the prompt. */
const UNKNOWN_CODES = new Set(['500.003.1001'])
const AMBIGUOUS_CODE = '500.001.1001'
/** `400.x` on HTTP 400 and so on: the request was turned down before it was acted upon. */
const REFUSAL_FAMILIES: { readonly [status: number]: RefusalCause } = {
  400: 'invalid',
  404: 'endpoint',
  405: 'endpoint',
}

/** Classifies a push by its exchange (Daraja, STK push: the table of refusals). */
export function classifyPush(exchange: HttpExchange): PushResult {
  switch (exchange.kind) {
    case 'withheld':
      return notProcessed('expired', 'withheld before the first byte')
    case 'not_connected':
      return notProcessed('not_connected', exchange.detail)
    case 'no_answer':
      return { kind: 'unknown', detail: exchange.detail }
    case 'answered':
      return exchange.status >= 200 && exchange.status < 300 ? readTaken(exchange) : readError(exchange)
  }
}

/** Something that certainly was not processed, and may be tried again after `retryAfterMs`. */
export function notProcessed(
  reason: NotProcessedReason,
  detail: string,
  retryAfterMs: number | null = null,
): PushResult {
  return { kind: 'not_processed', reason, retryAfterMs, detail }
}

function readTaken(answer: AnsweredExchange): PushResult {
  const body = asObject(answer.json)
  const responseCode = codeOf(body?.ResponseCode)
  if (body === null || responseCode === null) return unknown(answer)
  const responseDescription = textOf(body.ResponseDescription, TEXT_LENGTH_MAX)
  const checkoutRequestId = idOf(body.CheckoutRequestID)
  if (responseCode !== ACCEPTED_CODE) {
    // Where there is an id there may be a prompt, and a zero in another form refuses nothing.
    if (checkoutRequestId !== null || isOddZero(responseCode)) return unknown(answer)
    const text = [`ResponseCode ${responseCode}`, responseDescription].filter(Boolean).join(': ')
    return refused(answer, PUSH_REJECTED_CODE, text, 'response_code')
  }
  const merchantRequestId = idOf(body.MerchantRequestID)
  // Accepted, but nothing to ask or match by: only the callback can tell how it ended.
  if (merchantRequestId === null || checkoutRequestId === null) return unknown(answer)
  const customerMessage = textOf(body.CustomerMessage, TEXT_LENGTH_MAX)
  const texts = { responseCode, responseDescription, customerMessage }
  return { kind: 'accepted', merchantRequestId, checkoutRequestId, ...texts }
}

function readError(answer: AnsweredExchange): PushResult {
  const error = readDarajaError(answer)
  const detail = describeAnswer(answer)
  // A redirect is documented nowhere: who answered, and after doing what, cannot be told.
  if (answer.status < 400) return unknown(answer)
  if (error.rateLimited) return notProcessed('rate_limited', detail, answer.retryAfterMs)
  // A gateway that lost sight of its backend (502 to 504) knows nothing, whatever its page says.
  if (answer.status > 500) return unknown(answer)
  if (error.tokenRefused) return notProcessed('token', detail)
  const known = readKnownCode(answer, error)
  if (known !== null) return known
  // The status itself names the rate limit (RFC 6585, section 4).
  if (answer.status === 429) return notProcessed('rate_limited', detail, answer.retryAfterMs)
  const cause = REFUSAL_FAMILIES[answer.status]
  if (cause !== undefined && error.errorCode?.startsWith(`${answer.status}.`)) {
    return refused(answer, error.errorCode, error.errorMessage, cause)
  }
  // Here falls the edge's HTML 403 too: probably never processed, but no source says so, and a second
  // prompt is worse than a payment that stays open until its callback.
  return unknown(answer)
}

/** The table's rows, on any status of 400 to 500: sources differ on which status carries which code. */
function readKnownCode(answer: AnsweredExchange, error: DarajaError): PushResult | null {
  const { errorCode, errorMessage } = error
  if (errorCode === null) return null
  if (UNKNOWN_CODES.has(errorCode)) return unknown(answer)
  if (errorCode === BUSY_CODE) return notProcessed('busy', describeAnswer(answer), answer.retryAfterMs)
  if (errorCode === AMBIGUOUS_CODE) {
    return readAmbiguous(answer, errorCode, errorMessage)
  }
  const cause = Object.hasOwn(REFUSALS, errorCode) ? REFUSALS[errorCode] : undefined
  return cause === undefined ? null : refused(answer, errorCode, errorMessage, cause)
}

function readAmbiguous(answer: AnsweredExchange, errorCode: string, errorMessage: string): PushResult {
  if (isSubscriberLocked(errorMessage)) return refused(answer, errorCode, errorMessage, 'subscriber_locked')
  if (isWrongCredentials(errorMessage)) return refused(answer, errorCode, errorMessage, 'credentials')
  return unknown(answer)
}

function refused(
  answer: AnsweredExchange,
  errorCode: string,
  errorMessage: string,
  cause: RefusalCause,
): PushResult {
  return { kind: 'refused', errorCode, errorMessage, httpStatus: answer.status, cause }
}

function unknown(answer: AnsweredExchange): PushResult {
  return { kind: 'unknown', detail: describeAnswer(answer) }
}
