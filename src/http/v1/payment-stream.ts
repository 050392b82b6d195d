// Server-sent events (WHATWG HTML, 9.2): one payment, at once and at every change, until it is settled.
import { PassThrough, type Readable } from 'node:stream'
import { isSettled, type Payment } from '../../payments/payment.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { HttpError } from '../http-error.ts'
import { endWhenForbidden } from './stream-permission.ts'
import type { V1Payments } from './v1-deps.ts'

/** A stream costs a socket and a few kilobytes; more at once than this are not meant. */
export const STREAMS_MAX = 1_000
/** One merchant must not take the others' places. */
export const STREAMS_EACH_MAX = 500
/** Proxies end connections that are silent for 30 to 60 s. */
export const HEARTBEAT_MS = 15_000
/** A payment may stay uncertain for days; who still cares connects again. */
export const STREAM_LIFE_MS = 600_000
/** What a client has not read by then it never will. */
const UNREAD_BYTES_MAX = 64 * 1024
/** Clients wait this long before they connect again. */
const RECONNECT_MS = 3_000
const RETRY_AFTER_SECONDS = 10

/** The header by which a client that connects again says what it has seen. */
export const LAST_EVENT_ID = 'last-event-id'

/** The open streams of one process. */
export type PaymentStreams = {
  /**
   * A stream that begins with `payment`, for as long as `isAllowed`; null when `lastEventId` says that the
   * client knows its end. Throws when too many are open.
   */
  open(payment: Payment, lastEventId: unknown, isAllowed: () => Promise<boolean>): Readable | null
  /** Ends every stream now. */
  end(): void
}

/** No streams yet. */
export function createPaymentStreams(payments: Pick<V1Payments, 'subscribe'>): PaymentStreams {
  const open = new Map<PassThrough, string>()
  return {
    open(payment, lastEventId, isAllowed) {
      if (isSettled(payment) && lastEventId === eventIdOf(payment)) return null
      const theirs = [...open.values()].filter((each) => each === payment.merchantId).length
      if (open.size >= STREAMS_MAX || theirs >= STREAMS_EACH_MAX) {
        const options = { retryAfterSeconds: RETRY_AFTER_SECONDS }
        throw new HttpError('rate_limited', 'Too many streams are open. Use ?wait= instead.', options)
      }
      const stream = new PassThrough()
      open.set(stream, payment.merchantId)
      stream.once('close', () => open.delete(stream))
      endWhenForbidden(stream, isAllowed)
      follow(payments, payment, stream)
      return stream
    },
    end() {
      for (const stream of open.keys()) stream.end()
    },
  }
}

function follow(payments: Pick<V1Payments, 'subscribe'>, payment: Payment, stream: PassThrough): void {
  let last = ''
  let lastUpdateMs = 0
  const tell = (latest: Payment) => {
    const data = JSON.stringify(paymentResource(latest))
    // A look-up that began before a change may end after it.
    const isOld = latest.updatedAt.getTime() < lastUpdateMs
    if (isOld || data === last || stream.writableEnded) return
    last = data
    lastUpdateMs = latest.updatedAt.getTime()
    stream.write(`id: ${eventIdOf(latest)}\nevent: payment\ndata: ${data}\n\n`)
    if (isSettled(latest)) stream.end()
  }
  const unsubscribe = payments.subscribe(payment, tell)
  const heartbeat = setInterval(() => {
    if (stream.writableLength > UNREAD_BYTES_MAX) stream.destroy()
    else if (!stream.writableEnded) stream.write(': still here\n\n')
  }, HEARTBEAT_MS).unref()
  const life = setTimeout(() => stream.end(), STREAM_LIFE_MS).unref()
  stream.once('close', () => {
    clearInterval(heartbeat)
    clearTimeout(life)
    unsubscribe()
  })
  stream.write(`retry: ${RECONNECT_MS}\n\n`)
  tell(payment)
}

/** Tells the states of a payment apart, a corrected end from the former one too. */
function eventIdOf(payment: Payment): string {
  return `${payment.state}-${payment.updatedAt.getTime()}`
}
