// A shop that has been at work since yesterday, for pictures: two hundred payments over the real API, by a
// clock that is led from then to now.
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
export const OPENED_AGO_MS = 36 * HOUR_MS
/** Sales while the shop is open, and none while it is not. */
const TIMES = 330
/** Of the customers, those who cancel, have no money or mistype their PIN. */
const DECLINED = 0.1
const LOST = 0.01
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
  const scopes = ['payments:write', 'payments:read']
  const { secret } = await send(context, url, '/v1/api_keys', { name: 'Shop server', scopes }, side)
  const invitation = await addTeam(deps, side)
  await sell(deps, { 'x-api-key': String(secret) })
  const paid = await context.request.get(`${url}/v1/payments?status=succeeded&limit=1`, { headers: side })
  const [payment] = (await paid.json()).data
  const shortcodes = await context.request.get(`${url}/v1/shortcodes`, { headers: side })
  const [shortcode] = (await shortcodes.json()).data
  return { payment: String(payment.id), webhook, shortcode: String(shortcode.id), invitation }
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

/** Takes the payments one after the other, each at its own time of the day. */
async function sell(deps: BusyShopDeps, key: Record<string, string>): Promise<void> {
  const { demo, clock } = deps
  await setFaults(demo, { declined: DECLINED, lostCallback: LOST })
  for (const [number, behindMs] of saleTimes().entries()) {
    clock.behindMs = behindMs
    const id = await sellOne(deps, key, number)
    // The customer takes a few seconds to find the PIN.
    clock.behindMs -= PIN_MS[number % PIN_MS.length] ?? 0
    await settled(deps, key, id)
  }
  clock.behindMs = 0
  await setFaults(demo, {})
  // What is still open is asked for, and what was not delivered is tried again, by a clock that is right.
  await sleep(SETTLING_MS)
}

/** How long ago each sale was, the oldest first: while the shop was open, and a few just now. */
function saleTimes(): number[] {
  const nowMs = Date.now()
  const times = Array.from({ length: TIMES }, (_, index) => {
    // Spread evenly, and a little out of step.
    const share = (index + ((index * 7) % 5) / 5) / TIMES
    return OPENED_AGO_MS * (1 - share)
  })
  const isOpen = (agoMs: number) => {
    const hour = (new Date(nowMs - agoMs).getUTCHours() + NAIROBI_HOURS) % 24
    return hour >= OPENS && hour < CLOSES && agoMs > JUST_NOW_FROM_MS
  }
  const inHours = times.filter(isOpen)
  return [...inHours, ...JUST_NOW_MS]
}

const NAIROBI_HOURS = 3
const OPENS = 7
const CLOSES = 21
/** Time does not run backwards. */
const JUST_NOW_FROM_MS = 600_000
/** The last few sales. */
const JUST_NOW_MS = [480_000, 310_000, 140_000, 55_000]
const PIN_MS = [7_400, 5_900, 9_800, 6_600, 12_300, 8_100]
/** A callback that has not come by then was lost. */
const LOOKS = 40
const LOOK_EVERY_MS = 25

/** Waits for the verdict, as long as the simulator's customers take at its speed. */
async function settled(
  { demo, context }: BusyShopDeps,
  key: Record<string, string>,
  id: string,
): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const answer = await context.request.get(`${demo.gateway.url}/v1/payments/${id}`, { headers: key })
    const { settled_at: settledAt } = await answer.json()
    if (settledAt !== null) return
    await sleep(LOOK_EVERY_MS)
  }
}
/** Sweeps come round once a second. */
const SETTLING_MS = 4_000

async function sellOne(
  { demo, context }: BusyShopDeps,
  key: Record<string, string>,
  number: number,
): Promise<string> {
  const amount = AMOUNTS[number % AMOUNTS.length] ?? 100
  const phone = `2547${String(12_000_000 + ((number * 7_919_113) % 79_000_000))}`
  const wish = { amount, phone, reference: `INV-${1_000 + number}` }
  const { id } = await send(context, demo.gateway.url, '/v1/payments', wish, key)
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
