// A shop's counter: payments made by a program, customers who answer them, and the list that shows them.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { until } from '../support/gateway.ts'
import { OWNER, signUp } from './accounts.ts'
import type { BrowserBed } from './browser-bed.ts'
import type { Visitor, VisitorOptions } from './visitor.ts'

/** Prompts of the virtual phone stay up for a minute of the test's own time. */
export const AT_LEISURE = { env: { SIMULATOR_SPEED: '1' } }

/** The owner of the bed's merchant, signed in. */
export async function visitAsOwner(bed: BrowserBed, options?: VisitorOptions): Promise<Visitor> {
  const visitor = await bed.visit(options)
  await signUp(visitor.context, bed.gateway.url, { person: OWNER, merchantName: 'Duka la Wanjiku' })
  return visitor
}

/** Makes a payment by the key of a program; resolves to its id. */
export async function push(bed: BrowserBed, order: { phone: string; reference: string; amount?: number }) {
  const made = await bed.post('/v1/payments', { amount: 250, ...order })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

/** Sends to a virtual phone; when its prompt is up, the way to cancel or otherwise answer it. */
export async function prompted(bed: BrowserBed, order: { phone: string; reference: string }) {
  await bed.simulator('POST', '/simulator/phones', { number: order.phone })
  await push(bed, order)
  const prompt = await until('the prompt', async () => {
    const { prompts } = await bed.simulator('GET', `/simulator/prompts?phone=${order.phone}`)
    return Array.isArray(prompts) ? prompts[0] : undefined
  })
  return (answer: Record<string, string> = { action: 'cancel' }) =>
    bed.simulator('POST', `/simulator/prompts/${Object(prompt).id}/answer`, answer)
}

/** The payment once M-Pesa has said how it ends. */
export async function settled(bed: BrowserBed, id: string): Promise<Record<string, unknown>> {
  return until('its verdict', async () => {
    const { body } = await bed.get(`/v1/payments/${id}?wait=5`)
    return body.settled_at === null ? null : body
  })
}

/** The rows of the list, the one with the names of the columns aside. */
export const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('link') })

/** Where the stream of the bed's merchant is now. */
export async function streamPosition(bed: BrowserBed): Promise<string> {
  const stream = await fetch(`${bed.gateway.url}/v1/payments/stream`, {
    headers: { 'x-api-key': bed.merchant.key },
  })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!/^id: .+$/m.test(text)) text += (await reader?.read())?.value ?? assert.fail('no position')
  await reader?.cancel()
  return /^id: (.+)$/m.exec(text)?.[1] ?? ''
}

/** True for the reading of a page of payments. */
export const isPaymentList = (url: URL): boolean => url.pathname === '/v1/payments' && url.search !== ''
