// The answer to an address that is no surface's.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'
import { PROBLEM_TYPE } from './schema-parts.ts'
import { PROBLEM_STATUS, problemOf } from './v1/problem.ts'

/** Answers 404 as a problem; `publicUrl` is where its explanation lies. */
export function sendNothingHere(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): FastifyReply {
  const error = new HttpError('not_found', 'There is nothing at this address.')
  const body = problemOf(error, request, publicUrl)
  return reply.code(PROBLEM_STATUS[body.code]).type(PROBLEM_TYPE).send(JSON.stringify(body))
}
