// The ledgers that the audit joins, and the truth about each payment as the simulator has it.
import type { ArrivedPush } from './arrivals.ts'
import type { Asked } from './merchant.ts'
import type { Outcome } from './outcome-store.ts'
import type { Receiver, Told } from './receiver.ts'

/** Everything that is known when a drill is over. */
export type Ledgers = {
  /** What the merchant asked for and was answered. */
  asked: Asked[]
  /** What really happened: every push that reached Safaricom, oldest first. */
  pushes: ArrivedPush[]
  /** What the merchant's receiver verified and acknowledged, in the order of arrival. */
  told: Told[]
  /** What the gateways' database holds. */
  outcomes: Outcome[]
  /** Webhooks not delivered yet. */
  deliveriesOpen: number
  counts: Receiver['counts']
}

/** What really became of one payment. */
export type Truth = {
  /** Pushes that showed a prompt, oldest first. */
  prompts: ArrivedPush[]
  /** The push that Safaricom took on; null when none was. */
  begun: ArrivedPush | null
  /** Callbacks that a gateway answered with 2xx. */
  callbacksAnswered: number
}

/** The truth about every payment that a push was seen of, by its id as the callback's address has it. */
export function truthByPayment(pushes: readonly ArrivedPush[]): Map<string, Truth> {
  const truths = new Map<string, Truth>()
  for (const push of pushes) {
    const id = paymentIdOf(push)
    const truth = truths.get(id) ?? { prompts: [], begun: null, callbacksAnswered: 0 }
    truths.set(id, truth)
    if (push.promptShown) truth.prompts.push(push)
    truth.callbacksAnswered += push.callbacksAnswered
    // Should there be two, the one that cost money counts.
    if (push.checkoutRequestId !== null && truth.begun?.resultCode !== '0') truth.begun = push
  }
  return truths
}

const TOKEN =
  /\/([0-9a-f]{32})([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})[0-9a-f]{32}$/

/** The token in the address names the payment; a push without one is nobody's. */
export function paymentIdOf(push: Pick<ArrivedPush, 'callbackUrl'>): string {
  return TOKEN.exec(push.callbackUrl)?.slice(2).join('-') ?? ''
}

/** Groups by a key, in the order of arrival. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
