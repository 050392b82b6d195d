// What the baselines need of Daraja: a token, and a push in the least number of steps.
import { Pool } from 'undici'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'

/** A payment as a baseline asks for it. */
export type PushWish = { phone: string; amountKes: number; reference: string; callbackUrl: string }

/** Pushes with one token that is fetched once and lives longer than a run. */
export type DarajaCaller = {
  /** Resolves to the CheckoutRequestID; rejects unless Daraja accepted. */
  push(wish: PushWish): Promise<string>
}

/** Wide enough to be in nobody's way, and far from the number of files that a process may open. */
const CONNECTIONS_MAX = 512
const TIMESTAMP = '20260101120000'

/** A caller of the Daraja at `url`, as its first app. */
export async function createDarajaCaller(url: string): Promise<DarajaCaller> {
  const [app] = DEFAULT_CREDENTIALS
  if (app === undefined) throw new Error('the simulator knows no app')
  const pool = new Pool(url, { connections: CONNECTIONS_MAX })
  const basic = Buffer.from(`${app.consumerKey}:${app.consumerSecret}`).toString('base64')
  const answer = await pool.request({
    path: '/oauth/v1/generate?grant_type=client_credentials',
    method: 'GET',
    headers: { authorization: `Basic ${basic}` },
  })
  const token = readField(await answer.body.json(), 'access_token')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const password = Buffer.from(`${app.shortcode}${app.passkey}${TIMESTAMP}`).toString('base64')
  return {
    async push({ phone, amountKes, reference, callbackUrl }) {
      const body = JSON.stringify({
        BusinessShortCode: app.shortcode,
        Password: password,
        Timestamp: TIMESTAMP,
        TransactionType: 'CustomerPayBillOnline',
        Amount: amountKes,
        PartyA: phone,
        PartyB: app.shortcode,
        PhoneNumber: phone,
        CallBackURL: callbackUrl,
        AccountReference: reference,
        TransactionDesc: 'Payment',
      })
      const path = '/mpesa/stkpush/v1/processrequest'
      const pushed = await pool.request({ path, method: 'POST', headers, body })
      const json = await pushed.body.json()
      if (pushed.statusCode !== 200) throw new Error(`the push was answered ${pushed.statusCode}`)
      return readField(json, 'CheckoutRequestID')
    },
  }
}

function readField(value: unknown, name: string): string {
  if (typeof value === 'object' && value !== null && name in value) {
    return String(Object.entries(value).find(([key]) => key === name)?.[1])
  }
  throw new Error(`an answer without ${name}`)
}
