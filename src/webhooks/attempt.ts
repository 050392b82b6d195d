// One attempt: a signed POST to a merchant's server, and what came of it. The server may be slow, hostile or
// somebody else's, so everything is bounded and nothing is followed.
import { lookup as dnsLookup } from 'node:dns'
import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import { AddressRefusedError, createGuardedConnector, type LookupAll } from './address-guard.ts'
import { parseRetryAfter } from './schedule.ts'

/** What is sent where. */
export type AttemptRequest = {
  url: string
  headers: Record<string, string>
  body: string
  /** Whether the receiver may be at a private address. */
  allowPrivate: boolean
}

/** What came of it. */
export type AttemptResult = {
  /** True for 2xx alone. */
  ok: boolean
  /** The HTTP status; null when there was no answer. */
  status: number | null
  /** What went wrong, in words for the merchant; null when `ok`. */
  error: string | null
  retryAfterMs: number | null
  /** The beginning of the answer's body. */
  response: string | null
  durationMs: number
  /** True when the attempt was cut off because this process stops: it says nothing of the receiver. */
  interrupted: boolean
}

/** Makes attempts over connections of its own. */
export type Attempter = {
  /** Never rejects. */
  attempt(request: AttemptRequest): Promise<AttemptResult>
  /** Cuts off what is under way and closes all connections. */
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
/** Receivers that get a webhook every few seconds keep their connection. */
const KEEP_ALIVE_MS = 10_000
/** The status has come and decides; for the body alone nobody waits longer. */
const RESPONSE_READ_MS = 2_000
/** A server may say `103 Early Hints`; one that goes on saying it never answers. */
const INFORMATIONAL_MAX = 8
/** What is read of an answer before the connection is given up. */
const RESPONSE_BYTES_MAX = 16 * 1024
const HEADER_BYTES_MAX = 16 * 1024
/** What is kept of an answer for the merchant to see. */
const SNIPPET_BYTES_MAX = 1024
const USER_AGENT = 'Sukuma-Webhooks/1'

/** An attempter whose attempts take `timeoutMs` in all at the most. */
export function createAttempter(
  deps: { clock: { now(): number }; lookup?: LookupAll },
  options: { timeoutMs: number },
): Attempter {
  // Two agents: a connection to a private address must not be reused for those who may not have it.
  const strict = createAgent(deps, options.timeoutMs, false)
  const trusting = createAgent(deps, options.timeoutMs, true)
  const running = new Set<AbortController>()

  async function attempt(wanted: AttemptRequest): Promise<AttemptResult> {
    const startedAt = performance.now()
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort('timeout'), options.timeoutMs)
    running.add(abort)
    try {
      const dispatcher = wanted.allowPrivate ? trusting : strict
      const outcome = await post(deps, dispatcher, wanted, abort)
      return { ...outcome, durationMs: elapsedSince(startedAt), interrupted: false }
    } catch (error) {
      return {
        ...noAnswer(describeFailure(error, abort.signal, options.timeoutMs)),
        durationMs: elapsedSince(startedAt),
        interrupted: abort.signal.reason === 'closing',
      }
    } finally {
      clearTimeout(timer)
      running.delete(abort)
    }
  }

  return {
    attempt,
    async close() {
      for (const abort of running) abort.abort('closing')
      await Promise.all([strict.destroy(), trusting.destroy()])
    },
  }
}

function createAgent(deps: { lookup?: LookupAll }, timeoutMs: number, allowPrivate: boolean): Agent {
  const connectTimeoutMs = Math.min(CONNECT_TIMEOUT_MS, timeoutMs)
  const lookup = deps.lookup ?? dnsLookup
  return new Agent({
    connect: createGuardedConnector({ lookup }, { allowPrivate, connectTimeoutMs }),
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: HEADER_BYTES_MAX,
  })
}

type Outcome = Omit<AttemptResult, 'durationMs' | 'interrupted'>

async function post(
  deps: { clock: { now(): number } },
  dispatcher: Agent,
  wanted: AttemptRequest,
  abort: AbortController,
): Promise<Outcome> {
  let informational = 0
  // undici's request follows no redirects: a 3xx is an answer like any other.
  const answer = await request(wanted.url, {
    method: 'POST',
    dispatcher,
    signal: abort.signal,
    onInfo() {
      informational += 1
      if (informational > INFORMATIONAL_MAX) abort.abort('informational')
    },
    headers: { ...wanted.headers, 'content-type': 'application/json', 'user-agent': USER_AGENT },
    body: wanted.body,
  })
  const status = answer.statusCode
  const ok = status >= 200 && status < 300
  const response = await readBeginning(answer.body)
  const retryAfter = answer.headers['retry-after']
  const retryAfterText = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter
  return {
    ok,
    status,
    error: ok ? null : describeStatus(status),
    retryAfterMs: ok ? null : parseRetryAfter(retryAfterText, deps.clock.now()),
    response,
  }
}

/**
 * Reads at most `RESPONSE_BYTES_MAX`, for at most `RESPONSE_READ_MS`. A body that breaks off is no failure:
 * the status has come.
 */
async function readBeginning(body: Readable): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const timer = setTimeout(() => body.destroy(), RESPONSE_READ_MS)
  try {
    // Leaving the loop early destroys the body and with it the connection.
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= RESPONSE_BYTES_MAX) break
    }
  } catch {
    // What has come until then is kept.
  } finally {
    clearTimeout(timer)
  }
  return bytes === 0 ? null : toSnippet(Buffer.concat(chunks))
}

/** Text that any database and any page can take: no control characters but line breaks, well-formed. */
function toSnippet(bytes: Buffer): string {
  const decoded = new TextDecoder().decode(bytes.subarray(0, SNIPPET_BYTES_MAX))
  const clean = cleanText(decoded)
  // Each byte that was no text has become a sign of three.
  const cut = Buffer.from(clean).subarray(0, SNIPPET_BYTES_MAX)
  return cut.toString('utf8').replace(/\uFFFD+$/, '')
}

function cleanText(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, ' ')
}

function noAnswer(error: string): Outcome {
  return { ok: false, status: null, error, retryAfterMs: null, response: null }
}

function elapsedSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}

function describeStatus(status: number): string {
  if (status >= 300 && status < 400) return `redirect (${status}): redirects are not followed`
  return `answered ${status}`
}

/** What the error codes of sockets, TLS and undici mean to a merchant. */
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed before an answer came',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has too many headers',
  CERT_HAS_EXPIRED: 'TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS certificate chain is incomplete',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS certificate is for another host',
}

function describeFailure(error: unknown, signal: AbortSignal, timeoutMs: number): string {
  if (signal.reason === 'timeout') return `no answer within ${timeoutMs / 1000} s`
  if (signal.reason === 'closing') return 'cut off because the gateway stopped'
  if (signal.reason === 'informational') return 'informational answers (1xx) without end'
  if (error instanceof AddressRefusedError) return error.message
  const code = codeOf(error)
  return FAILURES[code] ?? (code === '' ? 'the request failed' : `the request failed (${code})`)
}

/** The first error code in an error, its parts (one an address that was tried) and its causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}
