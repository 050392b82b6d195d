// What an STK query proves. Only a final code settles a payment; every error and every unknown code keeps
// it open, for the query API answers errors about payments that are in flight, and about finished ones.
import { BUSY_CODE, describeAnswer, readDarajaError } from './daraja-error.ts'
import type { AnsweredExchange, HttpExchange } from './http-exchange.ts'
import { asObject, codeOf, textOf } from './json-fields.ts'
import { isFinalByQuery } from './result-catalogue.ts'

/** Why a query settled nothing. They differ in when to ask again, and in nothing else. */
export type OpenReason =
  | 'in_flight'
  /** No answer, or one that says nothing. */
  | 'no_answer'
  | 'rate_limited'
  /** A ResultCode that is on no list. */
  | 'unknown_code'
  /** Daraja does not know the id yet. */
  | 'too_early'
  /** "The transaction does not Exist": said of finished payments too, so no proof of anything. */
  | 'not_found'
  /** No usable access token. */
  | 'token'
  /** The answer speaks of another payment. */
  | 'mismatch'

/** What a query proves: M-Pesa's verdict, or that the payment is still open. */
export type QueryResult =
  | { kind: 'verdict'; resultCode: string; resultDesc: string }
  | {
      kind: 'open'
      reason: OpenReason
      /** The ResultCode or errorCode of the answer, when it had one. */
      code: string | null
      retryAfterMs: number | null
      detail: string
    }

const DESCRIPTION_LENGTH_MAX = 300
const IN_FLIGHT_CODE = '4999'
const TOO_EARLY_CODE = '400.002.02'
const TOO_EARLY_TEXT = /CheckoutRequestID/i
/** Says that a payment is in flight, or unknown, or finished, or nothing: it proves none of them. */
const AMBIGUOUS_CODE = '500.001.1001'
const IN_FLIGHT_TEXT = /being processed|under processing/i
const NOT_FOUND_TEXT = /does ?n[o']t exist/i

/** Classifies a query's exchange about `checkoutRequestId` (Daraja, STK query). */
export function classifyQuery(exchange: HttpExchange, checkoutRequestId: string): QueryResult {
  if (exchange.kind === 'withheld') return open('no_answer', 'withheld')
  if (exchange.kind !== 'answered') return open('no_answer', exchange.detail)
  if (exchange.status >= 200 && exchange.status < 300) return readResult(exchange, checkoutRequestId)
  return readError(exchange)
}

/** A query that settled nothing. */
export function open(
  reason: OpenReason,
  detail: string,
  code: string | null = null,
  retryAfterMs: number | null = null,
): QueryResult {
  return { kind: 'open', reason, code, retryAfterMs, detail }
}

function readResult(answer: AnsweredExchange, checkoutRequestId: string): QueryResult {
  const detail = describeAnswer(answer)
  const body = asObject(answer.json)
  const resultCode = codeOf(body?.ResultCode)
  if (body === null || resultCode === null) return open('no_answer', detail)
  const answeredId = body.CheckoutRequestID
  if (answeredId !== undefined && answeredId !== checkoutRequestId) {
    return open('mismatch', detail, resultCode)
  }
  // ResponseCode is about the query itself: a query that was not accepted has no result to give.
  if (body.ResponseCode !== undefined && codeOf(body.ResponseCode) !== '0') {
    return open('no_answer', detail, resultCode)
  }
  if (resultCode === IN_FLIGHT_CODE) return open('in_flight', detail, resultCode)
  if (!isFinalByQuery(resultCode)) return open('unknown_code', detail, resultCode)
  return { kind: 'verdict', resultCode, resultDesc: textOf(body.ResultDesc, DESCRIPTION_LENGTH_MAX) }
}

function readError(answer: AnsweredExchange): QueryResult {
  const { errorCode, errorMessage, rateLimited, tokenRefused } = readDarajaError(answer)
  const detail = describeAnswer(answer)
  if (rateLimited || answer.status === 429 || errorCode === BUSY_CODE) {
    return open('rate_limited', detail, errorCode, answer.retryAfterMs)
  }
  if (tokenRefused) return open('token', detail, errorCode)
  if (errorCode === TOO_EARLY_CODE && TOO_EARLY_TEXT.test(errorMessage)) {
    return open('too_early', detail, errorCode)
  }
  if (errorCode === AMBIGUOUS_CODE && IN_FLIGHT_TEXT.test(errorMessage)) {
    return open('in_flight', detail, errorCode)
  }
  if (errorCode === AMBIGUOUS_CODE && NOT_FOUND_TEXT.test(errorMessage)) {
    return open('not_found', detail, errorCode)
  }
  return open('no_answer', detail, errorCode, answer.retryAfterMs)
}
