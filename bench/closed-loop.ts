// A closed loop: so many connections, each of which begins again as soon as it has been answered.
import { Client, type Dispatcher } from 'undici'
import { createDurations } from './durations.ts'

/** What one loop measured. */
export type LoopResult = {
  count: number
  elapsedMs: number
  /** Of one time around the loop, 50 and 99 of a hundred of which took no longer. */
  p50Ms: number
  p99Ms: number
}

/** How long and how wide. `countMax` bounds what is begun, whatever time is left. */
export type LoopShape = { connections: number; seconds: number; countMax: number }

/** An exchange that hangs must not hang the benchmark. */
const ANSWER_LIMIT_MS = 20_000

/** Runs `visit` over and over on every connection to `origin`; the first one that fails fails the loop. */
export async function runClosedLoop(
  origin: string,
  shape: LoopShape,
  visit: (client: Client) => Promise<void>,
): Promise<LoopResult> {
  const timeouts = { headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS }
  const clients = Array.from({ length: shape.connections }, () => new Client(origin, timeouts))
  const durations = createDurations()
  const startedAt = performance.now()
  const endAt = startedAt + shape.seconds * 1_000
  let begun = 0
  const goAround = async (client: Client) => {
    while (performance.now() < endAt && begun < shape.countMax) {
      begun += 1
      const beganAt = performance.now()
      await visit(client)
      durations.add(performance.now() - beganAt)
    }
  }
  try {
    await Promise.all(clients.map(goAround))
  } finally {
    await Promise.all(clients.map((client) => client.destroy()))
  }
  const elapsedMs = performance.now() - startedAt
  const { count, p50Ms, p99Ms } = durations.summary()
  return { count, elapsedMs, p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0 }
}

/** Posts JSON; resolves to the whole answer's text, and rejects unless its status is `expected`. */
export function post(
  client: Dispatcher,
  request: { path: string; headers: Record<string, string>; body: string; expected: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    const { path, headers, body } = request
    client.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart(_controller, statusCode) {
          status = statusCode
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString('utf8')
          if (status === request.expected) resolve(text)
          else reject(new Error(`${path} answered ${status}: ${text}`))
        },
        onResponseError(_controller, error) {
          reject(error)
        },
      },
    )
  })
}
