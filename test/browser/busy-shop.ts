// A shop that has been at work since yesterday morning, for pictures: two hundred payments over the real API, most
// of them paid, by a clock that is led from then to now.
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { OWNER, type Person, send, signUp } from './accounts.ts'
import type { DemoGateway } from './demo-gateway.ts'
import type { Things } from './routes.ts'
import { sideOf } from './shop.ts'

/** The gateway's time, which starts early and is led to now. */
export type LedClock = { now(): number; behindMs: number }

/** What is needed to make the shop. */
export type BusyShopDeps = { demo: DemoGateway; clock: LedClock; context: BrowserContext }

const HOUR_MS = 3_600_000
/** How long ago the shop opened: yesterday at about this hour, and some. */
export const OPENED_AGO_MS = 30 * HOUR_MS
const PAYMENTS = 200
const AT_ONCE = 8
/** Of the customers, those who cancel, have no money or mistype their PIN. */
const DECLINED = 0.12
const LOST = 0.04
const AMOUNTS = [120, 250, 480, 1_250, 2_600, 75, 350, 940, 5_400, 180]
const TEAM: { person: Person; role: string }[] = [
  {
    person: { name: 'Amina Yusuf', email: 'amina@duka.example', password: 'bread and tea at six' },
    role: 'developer',
  },
  {
    person: { name: 'Brian Otieno', email: 'brian@duka.example', password: 'bread and tea at six' },
    role: 'support',
  },
]

/** Makes it; its receivers are ended with `stack`. */
export async function openBusyShop(deps: BusyShopDeps, stack: AsyncDisposableStack): Promise<Things> {
  const { demo, context } = deps
  const { url } = demo.gateway
  await signUp(context, url, { person: OWNER, merchantName: 'Duka la Wanjiku' })
  const session = await (await context.request.get(`${url}/dashboard/session`)).json()
  const merchantId = String(session.merchants[0].id)
  const side = sideOf(merchantId)
  await context.request.patch(`${url}/v1/settings`, {
    data: { name: 'Duka la Wanjiku' },
    headers: { origin: url, ...side },
  })
  const receiver = stack.use(await startReceiver())
  const webhook = await addEndpoint(deps, side, { receiver, description: 'Shop server' })
  const broken = stack.use(await startReceiver())
  broken.answer = { status: 503 }
  await addEndpoint(deps, side, { receiver: broken, description: 'Accounting (old)' })
  await send(context, url, '/v1/api_keys', { name: 'Shop server', scopes: ['payments:write'] }, side)
  const invitation = await addTeam(deps, side)
  const payments = await sell(deps, side)
  const shortcodes = await context.request.get(`${url}/v1/shortcodes`, { headers: side })
  const [shortcode] = (await shortcodes.json()).data
  return { payment: payments.at(-3) ?? '', webhook, shortcode: String(shortcode.id), invitation }
}

async function addEndpoint(
  { demo, context }: BusyShopDeps,
  side: Record<string, string>,
  { receiver, description }: { receiver: Receiver; description: string },
): Promise<string> {
  const wish = { url: receiver.url, description }
  const { id } = await send(context, demo.gateway.url, '/v1/webhook_endpoints', wish, side)
  return String(id)
}

/** Two who have joined, and one who has not yet; resolves to the open invitation's token. */
async function addTeam({ demo, context }: BusyShopDeps, side: Record<string, string>): Promise<string> {
  const { url } = demo.gateway
  const invite = async (email: string, role: string) => {
    const { link } = await send(context, url, '/dashboard/team/invitations', { email, role }, side)
    return String(link).split('/').at(-1) ?? ''
  }
  for (const { person, role } of TEAM) {
    const invitation = await invite(person.email, role)
    const guest = await context.browser()?.newContext()
    if (guest === undefined) continue
    await send(guest, url, '/auth/sign-up/email', { ...person, invitation })
    await guest.close()
  }
  return invite('otieno@duka.example', 'support')
}

/** Takes the payments, a few at a time, and lets the clock run on between them. */
async function sell(deps: BusyShopDeps, side: Record<string, string>): Promise<string[]> {
  const { demo, clock } = deps
  await setFaults(demo, { declined: DECLINED, lostCallback: LOST })
  const ids: string[] = []
  for (let first = 0; first < PAYMENTS; first += AT_ONCE) {
    clock.behindMs = OPENED_AGO_MS * (1 - first / PAYMENTS) ** 1.3
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index)
    ids.push(...(await Promise.all(numbers.map((number) => sellOne(deps, side, number)))))
  }
  clock.behindMs = 0
  await setFaults(demo, {})
  // What is still open is asked for, and what was not delivered is tried again, by a clock that is right.
  await sleep(SETTLING_MS)
  return ids
}

/** Sweeps come round once a second. */
const SETTLING_MS = 4_000

async function sellOne(
  { demo, context }: BusyShopDeps,
  side: Record<string, string>,
  number: number,
): Promise<string> {
  const amount = AMOUNTS[number % AMOUNTS.length] ?? 100
  const phone = `2547${String(12_000_000 + ((number * 7_919_113) % 79_000_000))}`
  const wish = { amount, phone, reference: `INV-${1_000 + number}`, wait: 3 }
  const { id } = await send(context, demo.gateway.url, '/v1/payments', wish, side)
  return String(id)
}

async function setFaults({ simulatorUrl }: DemoGateway, faults: Record<string, number>): Promise<void> {
  const answer = await fetch(`${simulatorUrl}/simulator/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`)
}
