// The merchants of a world: they ask for payments, wait for so long, and ask again under the same key.
import type { Uuid } from '../../src/ids.ts'
import type { CreateResult, PaymentRequest } from '../../src/payments/create.ts'
import type { SendMode } from '../../src/payments/dispatch.ts'
import type { Payment } from '../../src/payments/payment.ts'
import type { Choices } from './choices.ts'
import { phoneOf } from './customer.ts'
import type { GatewayProcess } from './gateway-process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What asking for payments needs. */
export type ShopDeps = {
  time: VirtualTime
  choices: Choices
  merchantId: Uuid
  customers: number
  /** A process that answers; null while there is none. */
  process: () => GatewayProcess | null
  acknowledged: (payment: Payment) => void
  onFault: (error: unknown) => void
  trace: (text: string) => void
}

const PATIENCE_MS = 60_000
const TRIES_MAX = 4
const TRY_AGAIN_MS = 5_000
const EXPIRIES_MS = [2_000, 15_000, 60_000, 300_000]

/** Asks for payment `index`. */
export function shop(deps: ShopDeps, index: number): void {
  const { choices } = deps
  const request: PaymentRequest = {
    merchantId: deps.merchantId,
    live: choices.chance(0.5),
    shortcodeId: null,
    shortcodeNumber: null,
    amountKes: choices.between(1, 1_000),
    phone: phoneOf(choices.between(1, deps.customers)),
    reference: `INV-${index}`,
    description: null,
    tag: null,
    metadata: null,
    expiresInMs: choices.pick(EXPIRIES_MS),
    idempotencyKey: choices.chance(0.7) ? `key-${index}` : null,
  }
  const how = choices.pick(['now', 'soon'] as const)
  ask(deps, request, how, 1)
}

function ask(deps: ShopDeps, request: PaymentRequest, how: SendMode, tries: number): void {
  const { time, choices } = deps
  let isOver = false
  const again = () => {
    if (isOver) return
    isOver = true
    // Without a key nobody may ask again: it could be a second payment.
    if (request.idempotencyKey === null || tries >= TRIES_MAX) return
    time.after(choices.between(0, TRY_AGAIN_MS), () => ask(deps, request, how, tries + 1))
  }
  const taken = (result: CreateResult) => {
    if (isOver) return
    if (result.code === 'no_room') {
      again()
      return
    }
    isOver = true
    deps.trace(`${request.reference}: ${result.code}`)
    if (result.code === 'created' || result.code === 'replayed') deps.acknowledged(result.payment)
  }
  const process = deps.process()
  if (process === null) {
    again()
    return
  }
  deps.trace(`${request.reference}: asked for, ${how}`)
  time.after(PATIENCE_MS, again)
  process.life.within(() => {
    process.payments.create(request, how).then(taken, (error: unknown) => {
      deps.onFault(error)
      again()
    })
  })
}
