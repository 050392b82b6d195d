// One attempt: a signed POST to a merchant's server, and what came of it. The server may be slow, hostile or
// somebody else's, so everything is bounded and nothing is followed.
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import { AddressRefusedError, createGuardedConnector, type LookupAll } from './address-guard.ts'
import { createNameLookup } from './name-lookup.ts'
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

/** The look-up of the name included. */
const CONNECT_TIMEOUT_MS = 5_000
/** Leaves time to connect; the servers of a name that works answer within one second. */
const LOOKUP_TIMEOUT_MS = 3_000
/** Receivers that get a webhook every few seconds keep their connection. */
const KEEP_ALIVE_MS = 10_000
/** The status has come and decides; for the body alone nobody waits longer. */
const RESPONSE_READ_MS = 2_000
/** A server may say `103 Early Hints`; one that goes on saying it never answers. */
const INFORMATIONAL_MAX = 8
/** Below it an answer is informational. */
const FINAL_STATUS_MIN = 200
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
  const lookup = deps.lookup ?? createNameLookup({}, { timeoutMs: LOOKUP_TIMEOUT_MS })
  const strict = createAgent({ lookup }, options.timeoutMs, false)
  const trusting = createAgent({ lookup }, options.timeoutMs, true)
  const running = new Set<Exchange>()

  function attempt(wanted: AttemptRequest): Promise<AttemptResult> {
    const startedAt = performance.now()
    return new Promise((resolve) => {
      const exchange = startExchange(deps, wanted, options.timeoutMs, (outcome) => {
        clearTimeout(timer)
        running.delete(exchange)
        resolve({ ...outcome, durationMs: elapsedSince(startedAt) })
      })
      running.add(exchange)
      const timer = setTimeout(() => exchange.cutOff('timeout'), options.timeoutMs)
      exchange.begin(wanted.allowPrivate ? trusting : strict)
    })
  }

  return {
    attempt,
    async close() {
      for (const exchange of running) exchange.cutOff('closing')
      await Promise.all([strict.destroy(), trusting.destroy()])
    },
  }
}

function createAgent(deps: { lookup: LookupAll }, timeoutMs: number, allowPrivate: boolean): Agent {
  const connectTimeoutMs = Math.min(CONNECT_TIMEOUT_MS, timeoutMs)
  return new Agent({
    connect: createGuardedConnector(deps, { allowPrivate, connectTimeoutMs }),
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: HEADER_BYTES_MAX,
  })
}

type Outcome = Omit<AttemptResult, 'durationMs'>

/** Why we ended an exchange ourselves. */
type Cut = 'timeout' | 'closing' | 'informational'

/** One POST under way. */
type Exchange = {
  begin(dispatcher: Dispatcher): void
  /** Ends it: with what has been answered by then, or without an answer. */
  cutOff(why: Cut): void
}

type Answer = { status: number; retryAfter: string | string[] | undefined }

/**
 * Speaks to undici's dispatcher itself: through `request`, with a stream and an abort signal an attempt, it
 * cost a third more. Redirects are not followed: a 3xx is an answer like any other.
 */
function startExchange(
  deps: { clock: { now(): number } },
  wanted: AttemptRequest,
  timeoutMs: number,
  end: (outcome: Outcome) => void,
): Exchange {
  let controller: Dispatcher.DispatchController | null = null
  let isEnded = false
  let informational = 0
  let answer: Answer | null = null
  let readLimit: NodeJS.Timeout | undefined
  const chunks: Buffer[] = []
  let bytes = 0

  function settle(failure: () => Outcome): void {
    if (isEnded) return
    isEnded = true
    clearTimeout(readLimit)
    // The status decides: a body that breaks off, or is cut off, is no failure.
    end(answer === null ? failure() : answered(deps, answer, Buffer.concat(chunks)))
  }

  function cutOff(why: Cut): void {
    settle(() => ({ ...noAnswer(CUTS[why](timeoutMs)), interrupted: why === 'closing' }))
    controller?.abort(new Error(why))
  }

  /** Enough has come; a connection with more on it is of no use. */
  function leaveRest(): void {
    settle(() => noAnswer(''))
    controller?.abort(new Error('enough'))
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(current) {
      controller = current
      if (isEnded) current.abort(new Error('too late'))
    },
    onResponseStart(_controller, status, headers) {
      if (status < FINAL_STATUS_MIN) {
        informational += 1
        if (informational > INFORMATIONAL_MAX) cutOff('informational')
        return
      }
      answer = { status, retryAfter: headers['retry-after'] }
      readLimit = setTimeout(leaveRest, RESPONSE_READ_MS)
    },
    onResponseData(_controller, chunk) {
      if (isEnded) return
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= RESPONSE_BYTES_MAX) leaveRest()
    },
    onResponseEnd: () => settle(() => noAnswer('')),
    onResponseError: (_controller, error) => settle(() => noAnswer(describeFailure(error))),
  }
  function begin(dispatcher: Dispatcher): void {
    try {
      dispatcher.dispatch(dispatchOptions(wanted), handler)
    } catch (error) {
      settle(() => noAnswer(describeFailure(error)))
    }
  }
  return { begin, cutOff }
}

function dispatchOptions({ url, headers, body }: AttemptRequest): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url)
  return {
    ...{ origin, path: pathname + search, method: 'POST', body },
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': USER_AGENT },
  }
}

function answered(deps: { clock: { now(): number } }, { status, retryAfter }: Answer, body: Buffer): Outcome {
  const ok = status >= 200 && status < 300
  const retryAfterText = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter
  return {
    ok,
    status,
    error: ok ? null : describeStatus(status),
    retryAfterMs: ok ? null : parseRetryAfter(retryAfterText, deps.clock.now()),
    response: body.length === 0 ? null : toSnippet(body),
    interrupted: false,
  }
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
  return { ok: false, status: null, error, retryAfterMs: null, response: null, interrupted: false }
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

const CUTS: Readonly<Record<Cut, (timeoutMs: number) => string>> = {
  timeout: (timeoutMs) => `no answer within ${timeoutMs / 1000} s`,
  closing: () => 'cut off because the gateway stopped',
  informational: () => 'informational answers (1xx) without end',
}

function describeFailure(error: unknown): string {
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
