// Errors of the native API: RFC 9457 problems with a stable code, each explained on a page of our docs.
import type { FastifyRequest } from 'fastify'
import { HTTP_STATUS, HttpError, type HttpErrorCode } from '../http-error.ts'

/** What can be wrong with a native request only; the other surfaces never come across these. */
export type NativeCode =
  | 'endpoint_disabled'
  | 'endpoint_deleted'
  | 'endpoint_limit'
  | 'rotation_limit'
  | 'delivery_under_way'
  | 'duplicate_shortcode'
  | 'credentials_refused'
  | 'no_daraja_address'
  | 'changed_meanwhile'
  | 'key_replaced'

/** Every code of the native API. */
export type ProblemCode = HttpErrorCode | NativeCode

const NATIVE_STATUS: Record<NativeCode, number> = {
  endpoint_disabled: 409,
  endpoint_deleted: 409,
  endpoint_limit: 409,
  rotation_limit: 409,
  delivery_under_way: 409,
  duplicate_shortcode: 409,
  credentials_refused: 422,
  no_daraja_address: 409,
  changed_meanwhile: 409,
  key_replaced: 409,
}

/** The status of each code. */
export const PROBLEM_STATUS: Record<ProblemCode, number> = { ...HTTP_STATUS, ...NATIVE_STATUS }

/** The title of each code: what kind of problem it is, whatever the case. */
export const PROBLEM_TITLES: Record<ProblemCode, string> = {
  unauthenticated: 'The API key is missing or not valid',
  forbidden: 'The API key may not do this',
  not_found: 'There is no such thing',
  malformed_body: 'The request could not be read',
  unsupported_media_type: 'The content type is not taken here',
  body_too_large: 'The body is too large',
  headers_too_large: 'The headers are too large',
  invalid: 'Some fields are not valid',
  bad_idempotency_key: 'The Idempotency-Key is not valid',
  idempotency_conflict: 'The Idempotency-Key was used for another request',
  idempotency_in_progress: 'The first request with this Idempotency-Key is still being answered',
  no_shortcode: 'There is no shortcode to be paid through',
  rate_limited: 'Too many requests',
  unavailable: 'The gateway cannot serve right now',
  mpesa_unavailable: 'M-Pesa is busy or cannot be reached',
  timeout: 'The request took too long to arrive',
  internal: 'Something went wrong on our side',
  endpoint_disabled: 'The webhook endpoint is disabled',
  endpoint_deleted: 'The webhook endpoint was deleted',
  endpoint_limit: 'There are too many webhook endpoints',
  rotation_limit: 'Too many former secrets or keys sign along',
  delivery_under_way: 'The delivery is being attempted right now',
  duplicate_shortcode: 'The shortcode exists already',
  credentials_refused: 'Daraja refused the credentials',
  no_daraja_address: 'There is no Daraja for this environment here',
  changed_meanwhile: 'Somebody else changed it meanwhile',
  key_replaced: 'The API key was replaced before',
}

/** Thrown by native routes for what only they can run into. */
export class NativeError extends HttpError {
  override name = 'NativeError'
  readonly nativeCode: NativeCode

  constructor(nativeCode: NativeCode, publicText: string) {
    // Where a surface does not know native codes, it is a request that was not right.
    super('invalid', publicText)
    this.nativeCode = nativeCode
  }
}

/** The body of an error answer. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  errors?: Record<string, string[]>
  request_id: string
}

/** Where a code is explained. */
export function problemUrl(publicUrl: string, code: ProblemCode): string {
  return `${publicUrl}/docs/errors/${code}`
}

/** The problem to answer `request` with. */
export function problemOf(error: HttpError, request: Pick<FastifyRequest, 'id'>, publicUrl: string): Problem {
  const code = error instanceof NativeError ? error.nativeCode : error.code
  return {
    type: problemUrl(publicUrl, code),
    title: PROBLEM_TITLES[code],
    status: PROBLEM_STATUS[code],
    detail: error.message,
    code,
    ...(error.fields === undefined ? {} : { errors: error.fields }),
    request_id: request.id,
  }
}
