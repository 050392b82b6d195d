// Tells when an answer is over: sent, or nobody waits for it any more.
import type { FastifyReply } from 'fastify'

/**
 * Calls `act` once, when the answer of `reply` has gone out or its connection has ended; at once when that
 * was before, as of a client who hung up while something was awaited: nobody is told of that again.
 */
export function whenGone(reply: FastifyReply, act: () => void): void {
  if (reply.raw.closed) act()
  else reply.raw.once('close', act)
}
