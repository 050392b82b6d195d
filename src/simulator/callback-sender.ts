// Posts callbacks: kept-alive connections, a bounded number at once, and never an exception.
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'

/** A callback to post. */
export type Callback = { url: string; shortcode: string; body: string }

/** Posts the callbacks of one simulator. */
export type CallbackSender = {
  /** The status answered, or null when no answer came. Settles also when the sender closes. */
  send(callback: Callback): Promise<number | null>
  close(): Promise<void>
}

/** The longest that receivers are said to be given is 5 to 8 s. */
const ANSWER_TIMEOUT_MS = 8000
const CONNECT_TIMEOUT_MS = 3000
const CONNECTIONS_PER_RECEIVER = 64
/** Posts in the air at once, over all receivers. */
const IN_FLIGHT_MAX = 512
/** Posts waiting for their turn; those beyond are lost, as Daraja's are on a bad day. */
const WAITING_MAX = 200_000
/** More than any receiver's "Accepted" needs. */
const ANSWER_BYTES_MAX = 65_536

/** A sender with its own connections. */
export function createCallbackSender(): CallbackSender {
  const agent = new Agent({
    connections: CONNECTIONS_PER_RECEIVER,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  })
  let waiting: { run: () => void; drop: () => void }[] = []
  let next = 0
  let inFlight = 0
  let closed = false
  const release = (): void => {
    inFlight -= 1
    const turn = waiting[next]
    if (turn === undefined) return
    next += 1
    if (next === waiting.length || next > 10_000) {
      waiting = waiting.slice(next)
      next = 0
    }
    turn.run()
  }
  return {
    send(callback) {
      if (closed || waiting.length - next >= WAITING_MAX) return Promise.resolve(null)
      return new Promise((resolve) => {
        const run = (): void => {
          inFlight += 1
          post(agent, callback, (status) => {
            resolve(status)
            release()
          })
        }
        if (inFlight < IN_FLIGHT_MAX) run()
        else waiting.push({ run, drop: () => resolve(null) })
      })
    },
    async close() {
      closed = true
      for (const turn of waiting.slice(next)) turn.drop()
      waiting = []
      next = 0
      await agent.destroy()
    },
  }
}

function post(agent: Agent, callback: Callback, done: (status: number | null) => void): void {
  const url = new URL(callback.url)
  const options: Dispatcher.DispatchOptions = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: {
      'Content-Type': 'application/json;charset=UTF-8',
      Businessshortcode: callback.shortcode,
    },
    body: callback.body,
  }
  let settled = false
  const settle = (status: number | null): void => {
    if (settled) return
    settled = true
    done(status)
  }
  try {
    agent.dispatch(options, answerHandler(settle))
  } catch {
    settle(null)
  }
}

/** Reports an answer's status once its body is read, or null at the first thing that goes wrong. */
function answerHandler(done: (status: number | null) => void): Dispatcher.DispatchHandler {
  let status: number | null = null
  let bytes = 0
  let timer: NodeJS.Timeout | null = null
  return {
    onRequestStart(controller) {
      // The pool's own timeouts start anew with every chunk; this one does not.
      timer = setTimeout(() => controller.abort(new Error('the callback took too long')), ANSWER_TIMEOUT_MS)
    },
    onResponseStart(_controller, statusCode) {
      status = statusCode
    },
    onResponseData(controller, chunk) {
      bytes += chunk.length
      if (bytes > ANSWER_BYTES_MAX) controller.abort(new Error('the answer to the callback is too long'))
    },
    onResponseEnd() {
      if (timer) clearTimeout(timer)
      done(status)
    },
    onResponseError() {
      if (timer) clearTimeout(timer)
      done(null)
    },
  }
}
