// Safaricom's callbacks on their way, and those that somebody forges.
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import type { CallbackResult } from '../../src/payments/receive-callback.ts'
import { keyOfUrl } from './callback-address.ts'
import type { Choices } from './choices.ts'
import type { Faults } from './faults.ts'
import type { GatewayProcess } from './gateway-process.ts'
import type { MemoryRow } from './memory-tables.ts'
import { callbackOf, type Prompt } from './virtual-daraja.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What callbacks need of the world. */
export type CallbackWay = {
  time: VirtualTime
  choices: Choices
  faults: () => Faults
  process: () => GatewayProcess | null
  /** Told what became of a true callback with the payment's own token. */
  taken: (key: PaymentKey, prompt: Prompt, result: CallbackResult) => void
  onFault: (error: unknown) => void
  trace: (text: string) => void
}

const PROMPTLY_MAX_MS = 5_000
const LATE_MAX_MS = 4 * 3_600_000
const COPIES_MAX = 4

/** Sends what a prompt's end is told by: a callback, several, or none. */
export function sendCallbacks(way: CallbackWay, prompt: Prompt): void {
  const { time, choices } = way
  const { callbackLost, callbackDoubled, callbackLate, callbackBare, callbackBelies } = way.faults()
  const delayMs = () => choices.between(0, choices.chance(callbackLate) ? LATE_MAX_MS : PROMPTLY_MAX_MS)
  const key = keyOfUrl(prompt.callbackUrl)
  if (choices.chance(callbackBare)) {
    time.after(delayMs(), () => post(way, callbackOf(prompt), { token: 'none' }, () => undefined))
  }
  if (prompt.resultCode === '0' && choices.chance(callbackBelies)) {
    prompt.beliedCode ??= '1032'
    const belying = callbackOf(prompt, { resultCode: prompt.beliedCode })
    time.after(delayMs(), () => post(way, belying, { token: key }, () => undefined))
  }
  if (choices.chance(callbackLost)) return
  const copies = choices.chance(callbackDoubled) ? choices.between(2, COPIES_MAX) : 1
  for (let copy = 0; copy < copies; copy += 1) {
    time.after(delayMs(), () => {
      way.trace(`${key.paymentId}: callback ${prompt.resultCode}`)
      post(way, callbackOf(prompt), { token: key }, (result) => way.taken(key, prompt, result))
    })
  }
}

type Sender = { token: PaymentKey | 'none' | 'wrong'; isForeign?: boolean }

function post(
  way: CallbackWay,
  body: object,
  sender: Sender,
  onTaken: (result: CallbackResult) => void,
): void {
  const process = way.process()
  if (process === null) return
  const incoming = {
    body,
    text: JSON.stringify(body),
    ip: sender.isForeign === true ? '203.0.113.7' : '196.201.214.200',
    addressAllowed: sender.isForeign !== true,
    token: sender.token,
  }
  process.life.within(() => {
    process.payments.receiveCallback(incoming).then(onTaken, way.onFault)
  })
}

/** Forges a callback that says the contrary of what `prompt` (when there is one) will come to. */
export function forge(way: CallbackWay, row: MemoryRow, prompt: Prompt | undefined): void {
  const { choices } = way
  const { payment } = row
  const key = { merchantId: payment.merchantId, paymentId: payment.id }
  const lie = lieAbout(payment, prompt)
  const forgeries: { body: object; sender: Sender }[] = [
    { body: callbackOf(lie), sender: { token: 'wrong' } },
    { body: callbackOf(lie), sender: { token: 'none' } },
    { body: callbackOf(paid(lie), { amountKes: payment.amountKes + 1 }), sender: { token: key } },
  ]
  if (payment.checkoutRequestId !== null) {
    forgeries.push({ body: callbackOf(lie, { checkoutRequestId: 'ws_CO_another' }), sender: { token: key } })
  }
  if (payment.live) forgeries.push({ body: callbackOf(lie), sender: { token: key, isForeign: true } })
  const forgery = choices.pick(forgeries)
  way.trace(`${payment.id}: a forged callback`)
  post(way, forgery.body, forgery.sender, () => undefined)
}

function paid(lie: Prompt): Prompt {
  return { ...lie, resultCode: '0', receipt: 'FORGED0001' }
}

function lieAbout(payment: MemoryRow['payment'], prompt: Prompt | undefined): Prompt {
  const isPaid = prompt?.resultCode === '0'
  return {
    merchantRequestId: prompt?.merchantRequestId ?? 'm-forged',
    checkoutRequestId: prompt?.checkoutRequestId ?? 'ws_CO_forged',
    callbackUrl: '',
    phone: payment.phone,
    amountKes: payment.amountKes,
    shownAtMs: 0,
    endsAtMs: 0,
    resultCode: isPaid ? '1032' : '0',
    receipt: isPaid ? null : 'FORGED0001',
    beliedCode: null,
  }
}
