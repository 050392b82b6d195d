// What can be wrong with a request, whatever its surface. Each surface answers every one of these in its own
// shape: a new code does not compile until all of them do.

/** Errors that every surface must be able to answer. */
export type HttpErrorCode =
  /** No key, or one that is unknown, revoked or expired: one text for all four. */
  | 'unauthenticated'
  /** The key lacks the scope. */
  | 'forbidden'
  | 'not_found'
  /** The body is no JSON (or form), or holds what no honest client sends. */
  | 'malformed_body'
  | 'unsupported_media_type'
  | 'body_too_large'
  /** Of what Node reads before any route: address and headers. */
  | 'headers_too_large'
  /** Fields at fault, in `fields`. */
  | 'invalid'
  | 'bad_idempotency_key'
  /** The key has named another request before. */
  | 'idempotency_conflict'
  /** The first request with this key is still being answered. */
  | 'idempotency_in_progress'
  | 'no_shortcode'
  | 'rate_limited'
  /** The database is away: this request sent nothing. An earlier try under its key may have been sent. */
  | 'unavailable'
  /** M-Pesa takes no more for now, or cannot be reached: nothing was done, a new try is safe. */
  | 'mpesa_unavailable'
  /** The request did not become whole in time. */
  | 'timeout'
  | 'internal'

/** The status of each; a surface may have another (`/api/stk-push` says 422 where others say 400). */
export const HTTP_STATUS: Record<HttpErrorCode, number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  malformed_body: 400,
  unsupported_media_type: 415,
  body_too_large: 413,
  headers_too_large: 431,
  invalid: 400,
  bad_idempotency_key: 400,
  idempotency_conflict: 422,
  idempotency_in_progress: 409,
  no_shortcode: 422,
  rate_limited: 429,
  unavailable: 503,
  mpesa_unavailable: 503,
  timeout: 408,
  internal: 500,
}

/** Texts by field, as a form shows them. */
export type FieldErrors = Record<string, string[]>

/** Thrown anywhere in a request; the surface's error handler turns it into an answer. */
export class HttpError extends Error {
  override name = 'HttpError'
  readonly code: HttpErrorCode
  readonly fields: FieldErrors | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: HttpErrorCode,
    /** For the client: what is wrong and what to do. No internals. */
    publicText: string,
    options: { fields?: FieldErrors; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(publicText, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fields = options.fields
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
