// A shop's request for a payment, as the two asynchronous and synchronous surfaces take it.
import { phoneOf } from './phone-numbers.ts'

/** A request of `post`. */
export type PaymentRequest = { path: string; headers: Record<string, string>; body: string }

/** Where Daraja's own words are answered, once Daraja has. */
export const SYNC_PATH = '/api/mpesa/stkPush'

const AMOUNTS = 999

/** Where it goes, and the key of the merchant, or those of many, who pay by turns. */
export type PaymentTarget = { path: string; apiKey: string | readonly string[] }

/** The request for the payment of this number. */
export function requestOf({ path, apiKey }: PaymentTarget, number: number): PaymentRequest {
  const phone = phoneOf(number)
  const amount = 1 + (number % AMOUNTS)
  const reference = `B${number}`
  const wish =
    path === SYNC_PATH ? { amount, phoneNumber: phone, accountId: reference } : { phone, amount, reference }
  const key = typeof apiKey === 'string' ? apiKey : (apiKey[number % apiKey.length] ?? '')
  const headers = { 'content-type': 'application/json', 'x-api-key': key }
  return { path, headers, body: JSON.stringify(wish) }
}
