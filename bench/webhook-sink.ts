// A merchant's webhook receiver that takes all and remembers, in a bit each, whose payments it was told of.
// One signature in many is checked: enough to find a wrong one, and cheap enough not to be what is measured.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createDurations, type Durations } from './durations.ts'
import { listenLocally } from './listen-locally.ts'
import { createBitmap, indexOfPhone } from './phone-numbers.ts'
import { machineNowMs, type ReceiptTimes, readReceipt } from './shared-clock.ts'

/** Webhooks received: payments told of as succeeded, tellings beyond the first of each, and anything else. */
export type Told = {
  payments: number
  repeats: number
  others: number
  checked: number
  badSignatures: number
}

/** A payment that was told of for the first time; without times when its receipt has none. */
export type Telling = { index: number; nowMs: number; times: ReceiptTimes | null }

/** A receiver on loopback. */
export type WebhookSink = {
  url: string
  totals(): Told
  /** From callback to webhook, of all since the last call. */
  takeDurations(): Durations
  /** From now on signatures are checked against this secret (`whsec_…`); null: those of a baseline. */
  expectSecret(secret: string | null): void
  close(): void
}

const CHECKED_ONE_OF = 64
const SUCCEEDED = '"type":"payment.succeeded"'
const PHONE_FIELD = '"phone":"'
const PHONE_LENGTH = 12
const RECEIPT_FIELD = '"receipt":"'
const RECEIPT_LENGTH = 10
const SECRET_PREFIX = 'whsec_'
const IDLE_LIMIT_MS = 60_000

/** Starts a receiver; `onTold` is called for each payment once. */
export async function startWebhookSink(onTold: (telling: Telling) => void): Promise<WebhookSink> {
  const told = createBitmap()
  const totals: Told = { payments: 0, repeats: 0, others: 0, checked: 0, badSignatures: 0 }
  let durations = createDurations()
  let key: Buffer | null = null
  let received = 0
  const take = (text: string) => {
    const nowMs = machineNowMs()
    const index = text.includes(SUCCEEDED) ? indexOfPhone(fieldOf(text, PHONE_FIELD, PHONE_LENGTH)) : null
    if (index === null) totals.others += 1
    else if (!told.add(index)) totals.repeats += 1
    else {
      totals.payments += 1
      const times = readReceipt(fieldOf(text, RECEIPT_FIELD, RECEIPT_LENGTH), nowMs)
      if (times !== null) durations.add(times.sinceSentMs)
      onTold({ index, nowMs, times })
    }
  }
  const check = (headers: IncomingHttpHeaders, text: string) => {
    received += 1
    if (key === null || received % CHECKED_ONE_OF !== 0) return
    totals.checked += 1
    if (!isSigned(key, headers, text)) totals.badSignatures += 1
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(200, { 'content-length': 0 }).end()
      const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString('utf8')
      take(text)
      check(request.headers, text)
    })
  })
  server.keepAliveTimeout = IDLE_LIMIT_MS
  return {
    url: `${await listenLocally(server)}/webhooks`,
    totals: () => ({ ...totals }),
    takeDurations() {
      const taken = durations
      durations = createDurations()
      return taken
    },
    expectSecret(secret) {
      key = secret === null ? null : Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function fieldOf(text: string, name: string, length: number): string {
  const at = text.indexOf(name)
  return at < 0 ? '' : text.slice(at + name.length, at + name.length + length)
}

/** Standard Webhooks 1.0, `v1`. */
function isSigned(key: Buffer, headers: IncomingHttpHeaders, text: string): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(expected)
}
