// A shop with a little of everything: payments that went well and badly, a webhook endpoint, a key and an
// invitation.
import { prefixedId } from '../../src/ids.ts'
import { until } from '../support/gateway.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { OWNER, send, signUp } from './accounts.ts'
import type { BrowserBed } from './browser-bed.ts'
import type { Things } from './routes.ts'
import type { SignedIn } from './visitor.ts'

/** The simulator's customers: who pays, who cancels, who has no money, and whose callback is lost. */
export const CUSTOMERS = {
  pays: '254700000000',
  cancels: '254700001032',
  isPoor: '254700000001',
  callbackLost: '254700010000',
} as const

/** A merchant, and its owner, who is signed in. */
export type Account = { merchantId: string; owner: SignedIn }

/** One at work. */
export type Shop = Account & { things: Things; receiver: Receiver }

/** The headers of a call that is about a merchant. */
export function sideOf(merchantId: string): Record<string, string> {
  return { 'sukuma-merchant': merchantId, 'sukuma-mode': 'test' }
}

/** Signs up `OWNER`, who is the first and so owns the bed's merchant. */
export async function openAccount(bed: BrowserBed): Promise<Account> {
  const { url } = bed.gateway
  await using visitor = await bed.visit()
  await signUp(visitor.context, url, { person: OWNER, merchantName: 'Duka la Wanjiku' })
  return { merchantId: prefixedId('mer', bed.merchant.id), owner: await visitor.context.storageState() }
}

/** Makes the shop of `OWNER`. */
export async function openShop(bed: BrowserBed): Promise<Shop> {
  const { url } = bed.gateway
  const account = await openAccount(bed)
  await using visitor = await bed.visit({ as: account.owner })
  const { context } = visitor
  const side = sideOf(account.merchantId)
  const receiver = bed.use(await startReceiver())
  const { id: webhook } = await send(context, url, '/v1/webhook_endpoints', { url: receiver.url }, side)
  const payments = await Promise.all(
    Object.values(CUSTOMERS).map((phone, index) =>
      bed.post('/v1/payments', { amount: 250 + index, phone, reference: `INV-${index + 1}` }),
    ),
  )
  await until('the first payment', async () => {
    const { body } = await bed.get(`/v1/payments/${payments[0]?.body.id}`)
    return body.status === 'succeeded' && receiver.received.length > 0
  })
  const invited = { email: 'otieno@duka.example', role: 'support' }
  const { link } = await send(context, url, '/dashboard/team/invitations', invited, side)
  const things = {
    payment: String(payments[0]?.body.id),
    webhook: String(webhook),
    shortcode: prefixedId('sc', bed.merchant.shortcodeId),
    invitation: String(link).split('/').at(-1) ?? '',
  }
  return { ...account, things, receiver }
}
