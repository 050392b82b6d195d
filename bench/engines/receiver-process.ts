// The merchant's receiver of the deliveries: answers 200 at once, counts each webhook by its id, and verifies
// the signature of some.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { serveCalls } from '../child-process.ts'

/** What has come since the count began; times are of this process's clock, milliseconds. */
export type Received = {
  webhooks: number
  repeats: number
  verified: number
  unverified: number
  firstAtMs: number
  lastAtMs: number
}

/** One webhook as it came. */
export type Example = { id: string; body: string }

/** One of so many is verified: each costs as much as its signing did. */
const VERIFY_EVERY = 50
const POLL_MS = 5
const UNAVAILABLE = 503

const secrets = new Set<string>()
let known = new Set<string>()
let counts = { repeats: 0, verified: 0, unverified: 0, firstAtMs: 0, lastAtMs: 0 }
let example: Example | null = null
let isDown = false

function verify(headers: IncomingHttpHeaders, id: string, body: string): boolean {
  const content = `${id}.${headers['webhook-timestamp']}.${body}`
  const given = Buffer.from(String(headers['webhook-signature']).slice('v1,'.length), 'base64')
  return [...secrets].some((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const expected = createHmac('sha256', key).update(content).digest()
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
}

function take(headers: IncomingHttpHeaders, chunks: Buffer[]): void {
  const id = String(headers['webhook-id'])
  if (known.has(id)) counts.repeats += 1
  known.add(id)
  counts.lastAtMs = performance.now()
  if (known.size === 1) counts.firstAtMs = counts.lastAtMs
  if (known.size % VERIFY_EVERY !== 1) return
  const body = Buffer.concat(chunks).toString('utf8')
  example = { id, body }
  if (verify(headers, id, body)) counts.verified += 1
  else counts.unverified += 1
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.writeHead(isDown ? UNAVAILABLE : 200, { 'content-length': 0 }).end()
    if (!isDown) take(request.headers, chunks)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

async function until(wanted: number, limitMs: number): Promise<void> {
  const giveUpAt = performance.now() + limitMs
  while (known.size < wanted) {
    if (performance.now() > giveUpAt)
      throw new Error(`${known.size} of ${wanted} webhooks within ${limitMs} ms`)
    await delay(POLL_MS)
  }
}

serveCalls({
  url() {
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the receiver has no port')
    return `http://127.0.0.1:${address.port}/webhooks`
  },
  /** Signatures by any of these are good. */
  trust: (argument) => void secrets.add(String(argument)),
  /** From now on all are refused, or taken again. */
  down(argument) {
    isDown = Boolean(argument)
  },
  /** Begins to count from nothing. */
  reset() {
    known = new Set()
    counts = { repeats: 0, verified: 0, unverified: 0, firstAtMs: 0, lastAtMs: 0 }
  },
  example: () => example,
  received: (): Received => ({ webhooks: known.size, ...counts }),
  /** Resolves once so many different webhooks have come. */
  async until(argument): Promise<Received> {
    const { count, limitMs } = argument as { count: number; limitMs: number }
    await until(count, limitMs)
    return { webhooks: known.size, ...counts }
  },
})
