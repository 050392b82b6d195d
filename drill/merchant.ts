// A good client: asks for a payment, and when it gets no answer repeats the request with the same
// Idempotency-Key, to the other gateway.
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Wish } from './plan.ts'
import { uuidOf } from './receiver.ts'

/** What came of one wish. Durations are real milliseconds. */
export type Asked = {
  n: number
  reference: string
  phone: string
  amountKes: number
  /** Bare UUID; null when nobody ever answered with one. */
  paymentId: string | null
  requests: number
  tookMs: number
  /** An answer that no good request should get. */
  unexpected: string | null
  /** How often each answer came that asks to try again, by status; 0 stands for none. */
  putOff: Record<string, number>
}

/** Asks for one payment until it is acknowledged. */
export type AskForPayment = (wish: Wish) => Promise<Asked>

/** Longer than a synchronous push takes while the network is silent, and no longer. */
const ANSWER_LIMIT_MS = 6_000
const CONNECT_LIMIT_MS = 1_000
const FIRST_PAUSE_MS = 30
const PAUSE_MAX_MS = 2_000
/** Nobody waits longer for a 202; a payment not acknowledged by then counts as such. */
const GIVE_UP_AFTER_MS = 90_000
const CONNECTIONS = 128
/** Stands for a status where there was none: refused, cut off, or too slow. */
const NO_ANSWER = 0

/** A client of both gateways. */
export function createAskForPayment(gateways: readonly string[], apiKey: string): AskForPayment {
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_LIMIT_MS },
    headersTimeout: ANSWER_LIMIT_MS,
    bodyTimeout: ANSWER_LIMIT_MS,
  })
  return async (wish) => {
    const { n, reference, phone, amountKes } = wish
    const startedAt = performance.now()
    const putOff: Record<string, number> = {}
    const asked = { n, reference, phone, amountKes, paymentId: null, unexpected: null, putOff }
    for (let requests = 1; ; requests += 1) {
      const url = gateways[(wish.gateway + requests - 1) % gateways.length] ?? ''
      const reply = await ask(agent, url, apiKey, wish)
      const tookMs = performance.now() - startedAt
      if (reply.kind === 'acknowledged') return { ...asked, paymentId: reply.paymentId, requests, tookMs }
      if (reply.kind === 'unexpected') return { ...asked, requests, tookMs, unexpected: reply.what }
      putOff[reply.status] = (putOff[reply.status] ?? 0) + 1
      if (tookMs > GIVE_UP_AFTER_MS) return { ...asked, requests, tookMs }
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (requests - 1), PAUSE_MAX_MS))
    }
  }
}

type Reply =
  | { kind: 'acknowledged'; paymentId: string }
  | { kind: 'put_off'; status: number }
  | { kind: 'unexpected'; what: string }

const PATHS = { v1: '/v1/payments', stk_push: '/api/stk-push', stk_push_sync: '/api/stk-push?mode=sync' }
/** In progress, too many, and everything that a gateway without its database or in its last moments says. */
const TRY_AGAIN = new Set([409, 429, 500, 502, 503, 504])

async function ask(agent: Agent, url: string, apiKey: string, wish: Wish): Promise<Reply> {
  const { surface, phone, reference, amountKes, expiresInSeconds, idempotencyKey } = wish
  const expiry = expiresInSeconds === null ? {} : { expires_in: expiresInSeconds }
  const headers = {
    'content-type': 'application/json',
    'x-api-key': apiKey,
    'idempotency-key': idempotencyKey,
  }
  try {
    const answer = await request(url + PATHS[surface], {
      dispatcher: agent,
      method: 'POST',
      headers,
      body: JSON.stringify({ phone, amount: amountKes, reference, ...expiry }),
    })
    const text = await answer.body.text()
    if (answer.statusCode < 300) return readAcknowledgement(text)
    if (TRY_AGAIN.has(answer.statusCode)) return { kind: 'put_off', status: answer.statusCode }
    return { kind: 'unexpected', what: `${answer.statusCode} ${text.slice(0, 200)}` }
  } catch {
    return { kind: 'put_off', status: NO_ANSWER }
  }
}

/** `{id: "pay_…"}`, `{tracking_id}` or `{data: {tracking_id}}`, by the surface. */
function readAcknowledgement(text: string): Reply {
  const body = JSON.parse(text) as { id?: string; tracking_id?: string; data?: { tracking_id?: string } }
  const id = body.id === undefined ? (body.tracking_id ?? body.data?.tracking_id) : uuidOf(body.id)
  return id === undefined
    ? { kind: 'unexpected', what: text.slice(0, 200) }
    : { kind: 'acknowledged', paymentId: id }
}
