// Whatever a request throws, as one of the errors that surfaces answer.
import type { FastifyError, FastifyRequest } from 'fastify'
import { isDatabaseUnavailable, isRolledBackByContention } from '../db/database.ts'
import { HttpError, type HttpErrorCode } from './http-error.ts'

/** When to come back while the database is away; a restart or a failover takes about that long. */
const RETRY_AFTER_SECONDS = 5

const AWAY_TEXT = 'The gateway cannot use its database right now. Try again in a few seconds.'
/** A repeated request knows nothing of its first try. */
const AWAY_PAYMENT_TEXT =
  'The gateway cannot use its database right now. This request sent nothing. Try again in a few seconds, ' +
  'with the same Idempotency-Key if one was given: an earlier try may have been sent.'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its requests make payments: when they fail, the answer says what is known of the prompt. */
    makesPayments?: true
  }
}

/** Fastify's own errors, by their codes. */
const FASTIFY_ERRORS: { readonly [code: string]: [HttpErrorCode, string] } = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than 64 KiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'This content type is not taken here.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_body', 'The body is empty; send JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_body', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_body', 'The body is not valid JSON.'],
}

/** Never fails: what is not known is `internal`, and its cause stays out of the answer. */
export function toHttpError(error: unknown, request: Pick<FastifyRequest, 'routeOptions'>): HttpError {
  if (error instanceof HttpError) return error
  if (isDatabaseUnavailable(error) || isRolledBackByContention(error)) {
    const text = request.routeOptions.config.makesPayments ? AWAY_PAYMENT_TEXT : AWAY_TEXT
    return new HttpError('unavailable', text, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error })
  }
  const known = isFastifyError(error) ? FASTIFY_ERRORS[error.code] : undefined
  if (known !== undefined) return new HttpError(known[0], known[1], { cause: error })
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) {
    return new HttpError('malformed_body', 'The request could not be read.', { cause: error })
  }
  return new HttpError('internal', 'Something went wrong on our side. It has been logged.', { cause: error })
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
