// The process of the merchant: its shop that asks for payments, and its receiver of webhooks. It is never
// killed, so that what it was told is known to the end.
import { serveCalls } from '../bench/child-process.ts'
import { scaledClock } from '../src/clock.ts'
import { type Asked, type AskForPayment, createAskForPayment } from './merchant.ts'
import { type PlanOptions, planDrill, type ReceiverTrouble, trickleWish, type Wish } from './plan.ts'
import { type Receiver, startReceiver, type Told } from './receiver.ts'
import type { LedgerPage } from './simulator-process.ts'

/** What it needs to know of the gateways. */
export type MerchantOrder = { gateways: string[]; apiKey: string; secrets: Record<string, string> }
/** How far it is, and what its receiver has counted. */
export type MerchantState = {
  asking: number
  asked: number
  told: number
  counts: Receiver['counts']
}

/** Before and after the chaos an ordinary payment is asked for now and then. */
const TRICKLE_EVERY_MS = 400

type State = {
  receiver: Receiver | null
  ask: AskForPayment | null
  asked: Asked[]
  asking: number
  trickle: NodeJS.Timeout | null
  /** Payments of the trickle so far. */
  trickled: number
}

const state: State = { receiver: null, ask: null, asked: [], asking: 0, trickle: null, trickled: 0 }

async function fulfil(wish: Wish): Promise<void> {
  if (state.ask === null) throw new Error('the merchant knows no gateway')
  state.asking += 1
  state.asked.push(await state.ask(wish))
  state.asking -= 1
}

serveCalls({
  async listen(argument) {
    const { epochMs, clockFactor } = readClock(argument)
    state.receiver = await startReceiver(scaledClock(epochMs, clockFactor))
    return state.receiver.url
  },
  know(argument) {
    const { gateways, apiKey, secrets } = readOrder(argument)
    state.receiver?.setSecrets(secrets)
    state.ask = createAskForPayment(gateways, apiKey)
  },
  /** Begins every payment of the plan at its time; resolves to the number of them. */
  begin(argument) {
    const { wishes } = planDrill(readOptions(argument))
    const startedAt = performance.now()
    state.asking += wishes.length
    for (const wish of wishes) {
      const begin = () => {
        state.asking -= 1
        void fulfil(wish)
      }
      setTimeout(begin, Math.max(0, wish.atMs - (performance.now() - startedAt)))
    }
    return wishes.length
  },
  startTrickle(argument) {
    const { seed, payments } = readOptions(argument)
    state.trickle = setInterval(() => {
      state.trickled += 1
      void fulfil(trickleWish(seed, payments + state.trickled))
    }, TRICKLE_EVERY_MS)
  },
  stopTrickle() {
    if (state.trickle !== null) clearInterval(state.trickle)
  },
  receiver: (argument) => state.receiver?.set(readTrouble(argument)),
  state: (): MerchantState => ({
    asking: state.asking,
    asked: state.asked.length,
    told: state.receiver?.told.length ?? 0,
    counts: state.receiver?.counts ?? { requests: 0, wronglySigned: 0, turnedAway: 0 },
  }),
  asked(argument): Asked[] {
    const { from, count } = readPage(argument)
    return state.asked.slice(from, from + count)
  },
  told(argument): Told[] {
    const { from, count } = readPage(argument)
    return state.receiver?.told.slice(from, from + count) ?? []
  },
})

/** All of these come from the drill itself, over the channel. */
function readClock(argument: unknown): { epochMs: number; clockFactor: number } {
  return argument as { epochMs: number; clockFactor: number }
}

function readOrder(argument: unknown): MerchantOrder {
  return argument as MerchantOrder
}

function readOptions(argument: unknown): PlanOptions {
  return argument as PlanOptions
}

function readTrouble(argument: unknown): ReceiverTrouble | null {
  return argument as ReceiverTrouble | null
}

function readPage(argument: unknown): LedgerPage {
  return argument as LedgerPage
}
