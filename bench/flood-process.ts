// The process of a forger: sends callbacks that are none, at a rate or as fast as they are answered.
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'undici'
import { serveCalls } from './child-process.ts'
import { post } from './closed-loop.ts'

/** Where forged callbacks go, how many a second (0: as many as are answered), and a true token to abuse. */
export type FloodOrder = { origin: string; perSecond: number; token: string }

/** What was sent, and how long it took. */
export type FloodResult = { sent: number; failed: number; elapsedMs: number }

const CONNECTIONS = 64
const OK = 200
const MS_PER_SECOND = 1_000

type Flood = { isEnded: boolean; sent: number; failed: number; startedAt: number; done: Promise<unknown> }
let flood: Flood | null = null

function callback(checkout: string, amount: number): string {
  const Item = [
    { Name: 'Amount', Value: amount },
    { Name: 'MpesaReceiptNumber', Value: 'NLJ7RT61SV' },
    { Name: 'TransactionDate', Value: 20240321143055 },
  ]
  const stkCallback = {
    MerchantRequestID: '29115-34620561-1',
    CheckoutRequestID: checkout,
    ResultCode: 0,
    ResultDesc: 'The service request is processed successfully.',
    CallbackMetadata: { Item },
  }
  return JSON.stringify({ Body: { stkCallback } })
}

/** A wrong token, no token with an unknown id, and a true token with what does not match, in turn. */
function forge(token: string, index: number): { path: string; body: string } {
  const body = callback(`ws_CO_${randomBytes(12).toString('hex')}`, 1 + (index % 1_000))
  const path = [`/${randomBytes(48).toString('hex')}`, '', `/${token}`][index % 3] ?? ''
  return { path: `/hooks/stk-push${path}`, body }
}

async function sendOn(client: Client, order: FloodOrder, of: Flood): Promise<void> {
  while (!of.isEnded) {
    const behindMs =
      order.perSecond === 0
        ? 0
        : (of.sent * MS_PER_SECOND) / order.perSecond - (performance.now() - of.startedAt)
    if (behindMs > 0) {
      await delay(behindMs)
      continue
    }
    of.sent += 1
    const { path, body } = forge(order.token, of.sent)
    const headers = { 'content-type': 'application/json' }
    await post(client, { path, headers, body, expected: OK }).catch(() => {
      of.failed += 1
    })
  }
  await client.destroy()
}

serveCalls({
  /** Begins; answers at once. */
  begin(argument) {
    const order = argument as FloodOrder
    const of: Flood = {
      isEnded: false,
      sent: 0,
      failed: 0,
      startedAt: performance.now(),
      done: Promise.resolve(),
    }
    const clients = Array.from({ length: CONNECTIONS }, () => new Client(order.origin))
    of.done = Promise.all(clients.map((client) => sendOn(client, order, of)))
    flood = of
  },
  async end(): Promise<FloodResult> {
    if (flood === null) throw new Error('no flood has begun')
    const of = flood
    const elapsedMs = performance.now() - of.startedAt
    of.isEnded = true
    await of.done
    flood = null
    return { sent: of.sent, failed: of.failed, elapsedMs }
  },
})
