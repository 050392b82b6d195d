// Where the callbacks of a payment go in a world: the address names the payment as it is, since no forger of
// the world guesses one.
import { parseUuid } from '../../src/ids.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'

const BASE = 'https://gateway.example/hooks/stk-push/'

/** The address of a payment's callback. */
export function callbackUrlOf({ merchantId, paymentId }: PaymentKey): string {
  return `${BASE}${merchantId}/${paymentId}`
}

/** Which payment a callback address names. */
export function keyOfUrl(callbackUrl: string): PaymentKey {
  const [merchantId, paymentId] = callbackUrl
    .slice(BASE.length)
    .split('/')
    .map((text) => parseUuid(text))
  if (!merchantId || !paymentId) throw new Error('no callback address')
  return { merchantId, paymentId }
}
