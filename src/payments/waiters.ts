// Waiting for a payment to change: at once when this process changes it, and by one grouped look-up a few
// times a second when another does. No LISTEN/NOTIFY: it would make every commit queue for one lock.
import type { Uuid } from '../ids.ts'
import type { Payment } from './payment.ts'

/** Called with the payment at every change. */
export type PaymentListener = (payment: Payment) => void

/** Those who wait for payments. */
export type Waiters = {
  /**
   * Calls `listener` at every change of the payment until the returned function is called, and now and then
   * with a state that it knows already.
   */
  subscribe(key: { merchantId: Uuid; id: Uuid }, listener: PaymentListener): () => void
  /** This process has changed a payment. */
  changed(payment: Payment): void
  /**
   * Resolves to the payment as soon as `isDone`, or as it is when `timeoutMs` has passed or `signal` aborts.
   */
  waitFor(
    payment: Payment,
    isDone: (payment: Payment) => boolean,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Payment>
  /** Ends all waiting, now and from now on: each gets its payment as it was last seen. */
  close(): void
}

/** A person waiting sees no difference, and a thousand waiters cost three small queries a second. */
const LOOK_UP_INTERVAL_MS = 300

type Entry = { merchantId: Uuid; lastSeen: string; listeners: Set<PaymentListener> }

/** Waiters over `readPayments`, which reads many payments by their keys in one query. */
export function createWaiters(deps: {
  readPayments: (keys: { merchantId: Uuid; paymentId: Uuid }[]) => Promise<Payment[]>
  onError: (error: unknown) => void
}): Waiters {
  const subscriptions = createSubscriptions(deps)
  const waiting = createWaiting(subscriptions.subscribe)
  return {
    subscribe: subscriptions.subscribe,
    changed: subscriptions.changed,
    waitFor: waiting.waitFor,
    close() {
      subscriptions.close()
      waiting.close()
    },
  }
}

function createSubscriptions(deps: Parameters<typeof createWaiters>[0]) {
  const entries = new Map<Uuid, Entry>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function changed(payment: Payment): void {
    const entry = entries.get(payment.id)
    if (entry === undefined) return
    const seen = fingerprint(payment)
    if (seen === entry.lastSeen) return
    entry.lastSeen = seen
    for (const listener of [...entry.listeners]) listener(payment)
  }

  async function lookUp(): Promise<void> {
    try {
      const keys = [...entries].map(([paymentId, entry]) => ({ paymentId, merchantId: entry.merchantId }))
      for (const payment of await deps.readPayments(keys)) changed(payment)
    } catch (error) {
      deps.onError(error)
    }
    timer = entries.size > 0 && !closed ? setTimeout(lookUp, LOOK_UP_INTERVAL_MS) : undefined
  }

  function subscribe(key: { merchantId: Uuid; id: Uuid }, listener: PaymentListener): () => void {
    const entry = entries.get(key.id) ?? { merchantId: key.merchantId, lastSeen: '', listeners: new Set() }
    // The newcomer may have read the payment before the last change: the next look-up tells it once more.
    entry.lastSeen = ''
    entry.listeners.add(listener)
    entries.set(key.id, entry)
    if (!closed) timer ??= setTimeout(lookUp, LOOK_UP_INTERVAL_MS)
    return () => {
      entry.listeners.delete(listener)
      if (entry.listeners.size === 0 && entries.get(key.id) === entry) entries.delete(key.id)
    }
  }

  function close(): void {
    closed = true
    clearTimeout(timer)
  }

  return { subscribe, changed, close }
}

function createWaiting(subscribe: Waiters['subscribe']): Pick<Waiters, 'waitFor' | 'close'> {
  const waiting = new Set<() => void>()
  let closed = false
  return {
    waitFor(payment, isDone, options) {
      const isInVain = closed || options.timeoutMs <= 0 || options.signal?.aborted === true
      if (isDone(payment) || isInVain) return Promise.resolve(payment)
      return new Promise((resolve) => {
        let latest = payment
        const finish = () => {
          clearTimeout(timeout)
          options.signal?.removeEventListener('abort', finish)
          waiting.delete(finish)
          unsubscribe()
          resolve(latest)
        }
        const unsubscribe = subscribe(payment, (current) => {
          latest = current
          if (isDone(current)) finish()
        })
        const timeout = setTimeout(finish, options.timeoutMs)
        options.signal?.addEventListener('abort', finish)
        waiting.add(finish)
      })
    },
    close() {
      closed = true
      for (const finish of [...waiting]) finish()
    },
  }
}

/** Two reads of an unchanged payment look the same; every change that a merchant can see shows here. */
function fingerprint(payment: Payment): string {
  return [payment.state, payment.outcome, payment.receipt, payment.checkoutRequestId].join('|')
}
