// What an answer of Daraja that is no success says about itself: its own error JSON, or an Apigee fault of
// the gateway in front of it.
import type { AnsweredExchange } from './http-exchange.ts'
import { asObject, cleanText, codeOf, type JsonObject, textOf } from './json-fields.ts'

/** The error of an answer; `errorCode` is null when the body names none. */
export type DarajaError = {
  errorCode: string | null
  errorMessage: string
  /** Whether the body names a rate limit: refused at the edge, never processed. */
  rateLimited: boolean
  /** Whether the edge refused the access token: never processed. Often without a body. */
  tokenRefused: boolean
}

/** Daraja writes "System is busy" and "Spike Arrest" with one code. */
export const BUSY_CODE = '500.003.02'
const TOKEN_CODES = new Set(['401.003.01', '404.001.03'])
const QUOTA_CODE = '500.003.03'
/** Apigee's codes: SpikeArrestViolation, QuotaViolation. */
const RATE_LIMIT_POLICIES = 'policies.ratelimit.'
const RATE_LIMIT_TEXT = /spike ?arrest|quota violation|rate ?limit/i
const LOCKED_TEXT = /lock subscriber|already in process/i
const CREDENTIALS_TEXT = /merchant does not exist|wrong credentials/i

const MESSAGE_LENGTH_MAX = 300
const EXCERPT_LENGTH_MAX = 160
/** Phone numbers and request ids that hold them. */
const LONG_DIGITS = /\d{9,}/g

/** Reads the error in an answer's body (Daraja, STK push: the table of refusals). */
export function readDarajaError(answer: AnsweredExchange): DarajaError {
  const body = asObject(answer.json)
  const fault = asObject(body?.fault)
  const error = fault === null ? readOwnError(body) : readFault(fault)
  const tokenRefused = answer.status === 401 || (error.errorCode !== null && TOKEN_CODES.has(error.errorCode))
  return { ...error, tokenRefused }
}

/** Whether the text of 500.001.1001 says that an earlier prompt is still open on the customer's phone. */
export function isSubscriberLocked(errorMessage: string): boolean {
  return LOCKED_TEXT.test(errorMessage)
}

/** Whether the text of 500.001.1001 blames the shortcode or its passkey. */
export function isWrongCredentials(errorMessage: string): boolean {
  return CREDENTIALS_TEXT.test(errorMessage)
}

/** One line for a person: status and the beginning of the body, without long digits. */
export function describeAnswer(answer: AnsweredExchange): string {
  const excerpt = cleanText(answer.text, EXCERPT_LENGTH_MAX).replace(LONG_DIGITS, '[digits]')
  return `HTTP ${answer.status}: ${excerpt === '' ? 'empty body' : excerpt}`
}

function readOwnError(body: JsonObject | null): Omit<DarajaError, 'tokenRefused'> {
  const errorCode = codeOf(body?.errorCode)
  const errorMessage = textOf(body?.errorMessage, MESSAGE_LENGTH_MAX)
  return { errorCode, errorMessage, rateLimited: namesRateLimit(errorCode, errorMessage) }
}

function readFault(fault: JsonObject): Omit<DarajaError, 'tokenRefused'> {
  const errorCode = codeOf(asObject(fault.detail)?.errorcode)
  const errorMessage = textOf(fault.faultstring, MESSAGE_LENGTH_MAX)
  const rateLimited = namesRateLimit(errorCode, '') || RATE_LIMIT_TEXT.test(errorMessage)
  return { errorCode, errorMessage, rateLimited }
}

function namesRateLimit(errorCode: string | null, errorMessage: string): boolean {
  if (errorCode === null) return false
  if (errorCode === QUOTA_CODE || errorCode.startsWith(RATE_LIMIT_POLICIES)) return true
  return errorCode === BUSY_CODE && RATE_LIMIT_TEXT.test(errorMessage)
}
