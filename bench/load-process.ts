// The process of those around the gateway but M-Pesa: shops that ask for payments, and the receiver of their
// webhooks.
import { serveCalls } from './child-process.ts'
import { type LoopShape, post, runClosedLoop } from './closed-loop.ts'
import { startWebhookSink } from './webhook-sink.ts'

/** Where requests go, and how many. */
export type LoadOrder = LoopShape & { origin: string; path: string; apiKey: string }

const ACCEPTED = 202

const sink = await startWebhookSink()
let phones = 0

/** Phones of nobody, each used once, and none of those to which the simulator gives a behaviour. */
function nextPhone(): string {
  phones += 1
  return `2547${10_000_000 + phones}`
}

function requestOf(order: LoadOrder, phone: string) {
  const body = JSON.stringify({ phone, amount: 1 + (phones % 999), reference: `B${phones}` })
  const headers = { 'content-type': 'application/json', 'x-api-key': order.apiKey }
  return { path: order.path, headers, body, expected: ACCEPTED }
}

serveCalls({
  sinkUrl: () => sink.url,
  told: () => sink.totals(),
  /** Once around: a payment is accepted. */
  accept(argument) {
    const order = readOrder(argument)
    return runClosedLoop(order.origin, order, (client) => post(client, requestOf(order, nextPhone())))
  },
  /** Once around: a payment is accepted and its verdict has come by webhook. */
  pay(argument) {
    const order = readOrder(argument)
    return runClosedLoop(order.origin, order, async (client) => {
      const phone = nextPhone()
      await Promise.all([post(client, requestOf(order, phone)), sink.told(phone)])
    })
  },
})

function readOrder(argument: unknown): LoadOrder {
  return argument as LoadOrder
}
