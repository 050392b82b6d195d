// One way for a surface to answer errors in its own shape: thrown ones, unknown routes and wrong methods.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HTTP_STATUS, HttpError } from './http-error.ts'
import { toHttpError } from './to-http-error.ts'

/** How a surface says an error. */
export type RenderError = (
  error: HttpError,
  request: FastifyRequest,
) => { status: number; body: unknown; contentType?: string }

/** The shape of the two given surfaces. */
export function successFalse(error: HttpError): { status: number; body: unknown } {
  const fields = error.fields === undefined ? {} : { errors: error.fields }
  return { status: HTTP_STATUS[error.code], body: { success: false, message: error.message, ...fields } }
}

/** Installs `render` for everything that goes wrong below `app`. */
export function installErrors(app: FastifyInstance, render: RenderError): void {
  const answer = (error: HttpError, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body, contentType } = render(error, request)
    // A database that is away is told of once, by who watches it, and not once a request.
    if (status >= 500 && error.code !== 'unavailable') {
      const cause = error.cause ?? error
      request.log.error({ err: cause, code: error.code, request: request.id }, 'request failed')
    }
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
    return reply
      .code(status)
      .type(contentType ?? 'application/json; charset=utf-8')
      .send(JSON.stringify(body))
  }
  app.setErrorHandler((error, request, reply) => answer(toHttpError(error, request), request, reply))
  app.setNotFoundHandler((request, reply) =>
    answer(new HttpError('not_found', 'There is nothing at this address.'), request, reply),
  )
}
