// For tests: a simulator on a free port, a receiver for its callbacks, and the calls that a merchant makes.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type Clock, systemClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import type { PageFiles } from '../page-files.ts'
import { SANDBOX_PASSKEY, type SimulatorCredential } from './credentials.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from './json-body.ts'
import { type Faults, type LedgerEntry, type Simulator, startSimulator } from './simulator.ts'

/** A callback as the receiver saw it. */
export type ReceivedCallback = { path: string; headers: IncomingHttpHeaders; text: string; body: JsonObject }

/** An answer of the simulator, its body read as JSON where it is some. */
export type Answer = { status: number; text: string; body: JsonObject; contentType: string }

/** A running simulator and everything around it; disposing of it stops both servers. */
export type Testbed = AsyncDisposable & {
  simulator: Simulator
  callbacks: ReceivedCallback[]
  /** What the receiver answers callbacks with from now on. */
  answerCallbacksWith(status: number): void
  callbackUrl: string
  token(): Promise<string>
  push(fields?: JsonObject, token?: string): Promise<Answer>
  query(checkoutRequestId: string, fields?: JsonObject): Promise<Answer>
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** The newest entry of the ledger. */
  latest(): LedgerEntry
  /** The latest entry once its payment has ended. */
  ended(): Promise<LedgerEntry>
  received(count: number): Promise<ReceivedCallback[]>
}

/** How long a condition is waited for before the test fails. */
const PATIENCE_MS = 10_000
const TIMESTAMP = '20260301120000'

/** Starts a testbed; `speed` 1000 makes three seconds three milliseconds. */
export async function openTestbed(
  options: {
    speed?: number
    clock?: Clock
    random?: () => number
    faults?: Partial<Faults>
    credentials?: SimulatorCredential[]
    pages?: PageFiles
    /** As many times as fast as they are written, timers and all. */
    clockFactor?: number
    framedBy?: readonly string[]
  } = {},
): Promise<Testbed> {
  const { clock = systemClock, random, speed = 1000, credentials, pages = null, clockFactor = 1 } = options
  const simulator = await startSimulator(
    { clock, log: silentLogger, ...(random ? { random } : {}) },
    {
      port: 0,
      host: '127.0.0.1',
      speed,
      pages,
      clockFactor,
      framedBy: () => options.framedBy ?? [],
      ...(credentials ? { credentials } : {}),
    },
  )
  simulator.setFaults(options.faults ?? {})
  const receiver = await openReceiver()
  const call: Testbed['call'] = (...asked) => send(simulator.url, ...asked)
  let held: string | null = null
  const token = async (): Promise<string> => {
    const basic = Buffer.from('simulator:simulator-secret').toString('base64')
    const path = '/oauth/v1/generate?grant_type=client_credentials'
    const answer = await call('GET', path, undefined, { authorization: `Basic ${basic}` })
    held = String(answer.body.access_token)
    return held
  }
  const signed = async (path: string, body: JsonObject, given?: string): Promise<Answer> =>
    call('POST', path, body, { authorization: `Bearer ${given ?? held ?? (await token())}` })
  const latest = (): LedgerEntry => {
    const entry = simulator.ledger().at(-1)
    if (!entry) throw new Error('the ledger is empty')
    return entry
  }
  return {
    simulator,
    callbacks: receiver.callbacks,
    answerCallbacksWith: receiver.answerWith,
    callbackUrl: receiver.url,
    token,
    push: (fields, given) =>
      signed('/mpesa/stkpush/v1/processrequest', { ...pushBody(receiver.url), ...fields }, given),
    query: (checkoutRequestId, fields) =>
      signed('/mpesa/stkpushquery/v1/query', { ...claim(), CheckoutRequestID: checkoutRequestId, ...fields }),
    call,
    latest,
    async ended() {
      await until(() => latest().endedAtMs !== null, 'the payment never ended')
      return latest()
    },
    async received(count) {
      await until(() => receiver.callbacks.length >= count, `fewer than ${count} callbacks came`)
      return receiver.callbacks
    },
    async [Symbol.asyncDispose]() {
      await simulator.close()
      await receiver.close()
    },
  }
}

/** Waits for a condition, and throws `complaint` when it does not come. */
export async function until(condition: () => boolean, complaint: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(complaint)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** A password as a merchant computes it. */
export function passwordFor(shortcode: string, passkey: string = SANDBOX_PASSKEY): string {
  return Buffer.from(`${shortcode}${passkey}${TIMESTAMP}`).toString('base64')
}

/** The object inside a callback's body. */
export function stkCallback(callback: ReceivedCallback | undefined): JsonObject {
  const body = callback?.body.Body
  const inner = isJsonObject(body) ? body.stkCallback : null
  if (!isJsonObject(inner)) throw new Error('no callback in this body')
  return inner
}

function claim(): JsonObject {
  return { BusinessShortCode: 174379, Password: passwordFor('174379'), Timestamp: TIMESTAMP }
}

function pushBody(callbackUrl: string): JsonObject {
  return {
    ...claim(),
    TransactionType: 'CustomerPayBillOnline',
    Amount: '150',
    PartyA: '254712345678',
    PartyB: '174379',
    PhoneNumber: '254712345678',
    CallBackURL: callbackUrl,
    AccountReference: 'INV-1001',
    TransactionDesc: 'Order 1001',
  }
}

async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload = body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body)
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: payload,
  })
  const text = await response.text()
  const contentType = response.headers.get('content-type') ?? ''
  return { status: response.status, text, body: parseJsonObject(text) ?? {}, contentType }
}

async function openReceiver(): Promise<{
  url: string
  callbacks: ReceivedCallback[]
  answerWith(status: number): void
  close(): Promise<void>
}> {
  const callbacks: ReceivedCallback[] = []
  let status = 200
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const text = Buffer.concat(chunks).toString()
    callbacks.push({
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: parseJsonObject(text) ?? {},
    })
    response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end('{"ResultCode":0,"ResultDesc":"Accepted"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hooks/stk-push/token-1`,
    callbacks,
    answerWith(next) {
      status = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
