// How often one address may present keys that are none. A key has 166 random bits, so nobody guesses one: it
// keeps those who try from costing much, and tells them so. It looks at failures alone: whoever has a right
// key is served, also from the address of one who guesses (an office's, or a proxy's).
import type { FastifyReply, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { type AllowanceDeps, createKeyedAllowance, type Rate } from '../allowance.ts'
import { HttpError } from './http-error.ts'

/** An application that was started with a wrong key is to read 401 for a while, and not 429. */
const FAILURES: Rate = { atOnce: 1_000, everyMs: 1_000 }
const SOURCES_MAX = 10_000
/** The bytes of an IPv6 address that one customer of a provider has to himself are the others (RFC 6177). */
const NETWORK_BYTES = 8

/** Counts a failure of `ip`; says how long it has to wait when there were too many, in milliseconds. */
export type GuessLimit = (ip: string) => { ok: true } | { ok: false; waitMs: number }

/** A limit that lives in this process. */
export function createGuessLimit(deps: AllowanceDeps): GuessLimit {
  const failures = createKeyedAllowance<string>(deps, FAILURES, SOURCES_MAX)
  return (ip) => failures.take(sourceOf(ip))
}

const MS_PER_SECOND = 1_000

/** What to answer a guess with: `refusal`, or that there were too many from this address. */
export function refuseGuess(
  limit: GuessLimit,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  refusal: HttpError,
  tooManyText: string,
): HttpError {
  const counted = limit(request.ip)
  if (counted.ok) return refusal
  // Each further guess costs a connection.
  reply.header('connection', 'close')
  const retryAfterSeconds = Math.ceil(counted.waitMs / MS_PER_SECOND)
  return new HttpError('rate_limited', tooManyText, { retryAfterSeconds })
}

/** What one customer has to himself: an address of IPv4; of IPv6 a network of 64 bits, with all of it. */
export function sourceOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return address.toString()
  return Buffer.from(address.toByteArray().slice(0, NETWORK_BYTES)).toString('hex')
}
