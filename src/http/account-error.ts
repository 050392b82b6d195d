// Errors of accounts: problems in the shape of the native API, with codes of their own.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'
import { PROBLEM_TYPE } from './schema-parts.ts'
import { installErrors } from './surface-errors.ts'
import { PROBLEM_STATUS, problemOf } from './v1/problem.ts'

/** Thrown by routes of accounts. `accountCode` is stable: pages decide on it. */
export class AccountError extends HttpError {
  override name = 'AccountError'
  readonly status: number
  readonly accountCode: string

  constructor(status: number, accountCode: string, publicText: string) {
    super('invalid', publicText)
    this.status = status
    this.accountCode = accountCode
  }
}

/** Answers all that goes wrong below `app` with problems; nothing of it is for a cache to keep. */
export function installAccountErrors(app: FastifyInstance, deps: { publicUrl(): string }): void {
  installErrors(app, (error, request) => {
    const body = error instanceof AccountError ? accountProblem(error, request) : null
    if (body !== null) return { status: body.status, body, contentType: PROBLEM_TYPE }
    const problem = problemOf(error, request, deps.publicUrl())
    return { status: PROBLEM_STATUS[problem.code], body: problem, contentType: PROBLEM_TYPE }
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('cache-control', 'no-store')
  })
}

function accountProblem(error: AccountError, request: FastifyRequest) {
  const { status, accountCode: code, message: detail } = error
  const title = 'The account does not allow this'
  return { type: 'about:blank', title, status, detail, code, request_id: request.id }
}
