// The merchant's webhook receiver: checks every signature with a library that is not ours, writes down what
// it acknowledges before it does so, and now and then is not there.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import type { Clock } from '../src/clock.ts'
import { listen } from './network.ts'
import type { ReceiverTrouble } from './plan.ts'

/** A webhook that was verified and acknowledged, in the order of arrival. Times are by the fast clock. */
export type Told = {
  format: 'event' | 'daraja'
  webhookId: string
  /** Bare UUID of the payment. */
  paymentId: string
  /** Only format `event` numbers and names what happened. */
  sequence: number | null
  type: string | null
  status: string | null
  /** M-Pesa's code, as text. */
  resultCode: string | null
  receipt: string | null
  amountKes: number | null
  atMs: number
}

/** The receiver of both formats. */
export type Receiver = {
  url: string
  told: Told[]
  counts: { requests: number; wronglySigned: number; turnedAway: number }
  setSecrets(secrets: Record<string, string>): void
  set(trouble: ReceiverTrouble | null): Promise<void>
}

/** Starts a receiver on loopback: `/event` and `/daraja`, one a format. */
export async function startReceiver(clock: Clock): Promise<Receiver> {
  const told: Told[] = []
  const counts = { requests: 0, wronglySigned: 0, turnedAway: 0 }
  const verifiers = new Map<string, Webhook>()
  let trouble: ReceiverTrouble | null = null
  const server: Server = createServer((request, response) => {
    readText(request, (text) => {
      counts.requests += 1
      if (trouble !== null) return turnAway(response)
      const format = request.url === '/daraja' ? 'daraja' : 'event'
      const verifier = verifiers.get(format)
      const body = verifier === undefined ? null : verify(clock, verifier, request, text)
      if (body === null) {
        counts.wronglySigned += 1
        return answer(response, 401)
      }
      told.push(format === 'event' ? readEvent(request, body, clock) : readDaraja(request, body, clock))
      answer(response, 200)
    })
  })
  const turnAway = (response: ServerResponse): void => {
    counts.turnedAway += 1
    // Hanging: nothing is answered, and the connection ends with the trouble.
    if (trouble === 'failing') answer(response, 500)
  }
  const port = await listen(server, 0)
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    counts,
    setSecrets(secrets) {
      for (const [format, secret] of Object.entries(secrets)) verifiers.set(format, new Webhook(secret))
    },
    async set(next) {
      const before = trouble
      trouble = next
      if (next === 'refused') server.close()
      if (next === 'refused' || before !== null) server.closeAllConnections()
      if (before === 'refused') await listen(server, port)
    },
  }
}

function readText(request: IncomingMessage, use: (text: string) => void): void {
  const chunks: Buffer[] = []
  request.on('error', () => undefined)
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => use(Buffer.concat(chunks).toString('utf8')))
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end()
}

type Json = Record<string, unknown>

/** The library asks the machine for the time; for as long as it looks, that is the fast clock's. */
function verify(clock: Clock, verifier: Webhook, request: IncomingMessage, text: string): Json | null {
  const machineNow = Date.now
  const nowMs = clock.now()
  Date.now = () => nowMs
  try {
    return objectOf(verifier.verify(text, headersOf(request)))
  } catch {
    return null
  } finally {
    Date.now = machineNow
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
  return Object.fromEntries(names.map((name) => [name, textOf(request.headers[name]) ?? '']))
}

function readEvent(request: IncomingMessage, body: Json, clock: Clock): Told {
  const data = objectOf(body.data)
  const result = objectOf(data.result)
  return {
    format: 'event',
    webhookId: textOf(request.headers['webhook-id']) ?? '',
    paymentId: textOf(data.tracking_id) ?? '',
    sequence: numberOf(body.sequence),
    type: textOf(body.type),
    status: textOf(data.status),
    resultCode: textOf(result.code),
    receipt: textOf(data.receipt),
    amountKes: numberOf(data.amount),
    atMs: clock.now(),
  }
}

function readDaraja(request: IncomingMessage, body: Json, clock: Clock): Told {
  const callback = objectOf(objectOf(body.Body).stkCallback)
  const items = itemsOf(callback)
  const code = callback.ResultCode
  return {
    format: 'daraja',
    webhookId: textOf(request.headers['webhook-id']) ?? '',
    paymentId: uuidOf(textOf(request.headers['sukuma-payment-id']) ?? ''),
    sequence: null,
    type: null,
    status: null,
    resultCode: typeof code === 'number' ? String(code) : textOf(code),
    receipt: textOf(items.get('MpesaReceiptNumber')),
    amountKes: numberOf(items.get('Amount')),
    atMs: clock.now(),
  }
}

function itemsOf(callback: Json): Map<string, unknown> {
  const list = objectOf(callback.CallbackMetadata).Item
  const items: unknown[] = Array.isArray(list) ? list : []
  return new Map(items.map(objectOf).map((item) => [textOf(item.Name) ?? '', item.Value]))
}

/** `pay_` and 32 hexadecimal digits as a bare UUID. */
export function uuidOf(prefixed: string): string {
  return prefixed.replace(/^\w+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
