// One HTTP exchange with Daraja, and the one thing that matters about a failed one: could any byte of the
// request have left? That decides whether a payment may be tried again.
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Clock } from '../clock.ts'
import { cleanText } from './json-fields.ts'

/** How long an exchange may take, step by step. */
export type DarajaTimeouts = {
  connectMs: number
  /** From the request's last byte to the answer's headers. */
  headersMs: number
  /** Between two pieces of the answer's body. */
  bodyMs: number
  /** From beginning to end, whatever the peer drips. */
  totalMs: number
}

/** Daraja answers a push within 1 to 10 s, at times 20; its own gateway gives up at about 30. */
export const DEFAULT_TIMEOUTS: DarajaTimeouts = {
  connectMs: 5_000,
  headersMs: 30_000,
  bodyMs: 10_000,
  totalMs: 40_000,
}

/** One request. */
export type HttpRequest = {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body: string | null
  totalTimeoutMs: number
  /**
   * Called once, synchronously, when a connection is ready and before the first byte is written. `false`
   * keeps the request back.
   */
  beforeSend: (() => boolean) | null
  /** More than this of an answer is not taken; by default what a push or a query can need. */
  bodyBytesMax?: number
}

/** A whole answer; `json` is undefined when the body is not JSON, whatever its content type says. */
export type AnsweredExchange = {
  kind: 'answered'
  status: number
  retryAfterMs: number | null
  text: string
  json: unknown
}

/**
 * How an exchange ended. `not_connected` and `withheld`: no byte of the request left. `no_answer`: it may
 * have arrived and been acted upon (reset, timeout, an answer cut short or too large).
 */
export type HttpExchange =
  | AnsweredExchange
  | { kind: 'not_connected'; detail: string }
  | { kind: 'no_answer'; detail: string }
  | { kind: 'withheld' }

/** Daraja's answers are below 1 KiB and its error pages a few; more is not worth the memory. */
const BODY_BYTES_MAX = 64 * 1024
/** Idle sockets are closed by us before the peer does it under a request that is just being written. */
const KEEP_ALIVE_MS = 4_000
/** Beyond this, requests wait for a connection; the governor's own limit is lower (600 pushes). */
const CONNECTIONS_MAX = 640
/** A `Retry-After` beyond an hour says no more than "not soon". */
const RETRY_AFTER_MAX_MS = 60 * 60 * 1000
const DETAIL_LENGTH_MAX = 200
/** Replaces broken UTF-8 and drops a byte order mark, which JSON.parse would refuse. */
const LENIENT_UTF8 = new TextDecoder()

/** The connections to Daraja, one pool an address. HTTP/1.1 only: over HTTP/2 undici may send twice. */
export function createDarajaDispatcher(timeouts: DarajaTimeouts): Agent {
  return new Agent({
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    allowH2: false,
  })
}

/** Does one exchange; redirects are answers like others. Rejects only when `beforeSend` throws. */
export function exchangeHttp(
  deps: { dispatcher: Dispatcher; clock: Clock },
  request: HttpRequest,
): Promise<HttpExchange> {
  return new Promise((resolve, reject) => {
    let started = false
    let settled = false
    let controller: Dispatcher.DispatchController | null = null
    let head: { status: number; retryAfterMs: number | null } = { status: 0, retryAfterMs: null }
    const chunks: Buffer[] = []
    let bodyBytes = 0
    const bodyBytesMax = request.bodyBytesMax ?? BODY_BYTES_MAX

    const settle = (exchange: HttpExchange) => {
      if (settled) return
      settled = true
      clearTimeout(deadline)
      resolve(exchange)
    }
    const fail = (detail: string) => settle({ kind: started ? 'no_answer' : 'not_connected', detail })
    const deadline = setTimeout(() => {
      fail(`no answer within ${request.totalTimeoutMs} ms`)
      controller?.abort(new Error('deadline passed'))
    }, request.totalTimeoutMs)

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(current) {
        controller = current
        // undici calls this with the connection ready and nothing written. A second call would be a second
        // prompt, so it is never let through.
        if (started) fail('the connection was lost and the request not sent again')
        if (settled) return current.abort(new Error('too late to send'))
        try {
          started = request.beforeSend?.() ?? true
        } catch (error) {
          settled = true
          clearTimeout(deadline)
          reject(error)
        }
        if (started) return
        settle({ kind: 'withheld' })
        current.abort(new Error('withheld'))
      },
      onResponseStart(_controller, status, headers) {
        head = { status, retryAfterMs: readRetryAfter(headers['retry-after'], deps.clock) }
      },
      onResponseData(current, chunk) {
        bodyBytes += chunk.length
        if (bodyBytes <= bodyBytesMax) return void chunks.push(chunk)
        fail(`HTTP ${head.status} with a body of more than ${bodyBytesMax} bytes`)
        current.abort(new Error('answer too large'))
      },
      onResponseEnd() {
        settle(answered(head, Buffer.concat(chunks)))
      },
      onResponseError(_controller, error) {
        fail(describeError(error))
      },
    }
    deps.dispatcher.dispatch(dispatchOptions(request), handler)
  })
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  const { method, url, headers, body } = request
  return { origin: url.origin, path: url.pathname + url.search, method, headers, body }
}

function answered(head: Pick<AnsweredExchange, 'status' | 'retryAfterMs'>, body: Buffer): AnsweredExchange {
  const text = LENIENT_UTF8.decode(body)
  return { kind: 'answered', ...head, text, json: parseJson(text) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function readRetryAfter(header: string | string[] | undefined, clock: Clock): number | null {
  if (typeof header !== 'string') return null
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.now()
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS)
}

function describeError(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return cleanText(code + error.message, DETAIL_LENGTH_MAX)
}
