// A shop's request for a payment, as the two asynchronous and synchronous surfaces take it.
import { phoneOf } from './phone-numbers.ts'

/** A request of `post`. */
export type PaymentRequest = { path: string; headers: Record<string, string>; body: string }

/** Where Daraja's own words are answered, once Daraja has. */
export const SYNC_PATH = '/api/mpesa/stkPush'

const AMOUNTS = 999

/** The request for the payment of this number. */
export function requestOf(target: { path: string; apiKey: string }, number: number): PaymentRequest {
  const { path, apiKey } = target
  const phone = phoneOf(number)
  const amount = 1 + (number % AMOUNTS)
  const reference = `B${number}`
  const wish =
    path === SYNC_PATH ? { amount, phoneNumber: phone, accountId: reference } : { phone, amount, reference }
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey }
  return { path, headers, body: JSON.stringify(wish) }
}
