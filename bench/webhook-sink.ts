// A merchant's webhook receiver that takes all and remembers whose payments it was told of.

import { once } from 'node:events'
import { createServer } from 'node:http'

/** Webhooks received: payments told of as succeeded, tellings beyond the first of each, and anything else. */
export type Told = { payments: number; repeats: number; others: number }

/** A receiver on loopback. */
export type WebhookSink = {
  url: string
  /** Resolves when the payment of this phone was told of as succeeded; rejects when that takes too long. */
  told(phone: string): Promise<void>
  totals(): Told
}

/** Webhooks are sent at once; the schedule's first retry comes after 5 s. */
const TOLD_LIMIT_MS = 20_000
const SUCCEEDED = /"type":"payment\.succeeded"/
const PHONE = /"phone":"(254\d{9})"/

/** Starts a receiver. */
export async function startWebhookSink(): Promise<WebhookSink> {
  const waiting = new Map<string, () => void>()
  const known = new Set<string>()
  const totals: Told = { payments: 0, repeats: 0, others: 0 }
  const take = (text: string) => {
    const phone = SUCCEEDED.test(text) ? PHONE.exec(text)?.[1] : undefined
    if (phone === undefined) totals.others += 1
    else if (known.has(phone)) totals.repeats += 1
    else {
      known.add(phone)
      totals.payments += 1
      waiting.get(phone)?.()
      waiting.delete(phone)
    }
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(200, { 'content-length': 0 }).end()
      take(Buffer.concat(chunks).toString('utf8'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the receiver has no port')
  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    told: (phone) =>
      new Promise((resolve, reject) => {
        const late = () => reject(new Error(`no webhook within ${TOLD_LIMIT_MS} ms`))
        const timer = setTimeout(late, TOLD_LIMIT_MS)
        waiting.set(phone, () => {
          clearTimeout(timer)
          resolve()
        })
      }),
    totals: () => ({ ...totals }),
  }
}
