// Tells when nobody waits for an answer any more.
import type { FastifyReply } from 'fastify'
import { whenGone } from './when-gone.ts'

/**
 * Aborts when the connection of `reply` ends. Not `request.signal`: the request's stream closes as soon as
 * its body has been read, long before the client goes.
 */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  whenGone(reply, () => gone.abort())
  return gone.signal
}
