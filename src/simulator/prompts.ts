// The prompts that are up: one for a subscriber at a time, which is Daraja's lock.
import type { Payee } from './handset-texts.ts'
import type { LedgerEntry } from './ledger.ts'

/** A push that waits for its customer. */
export type Prompt = {
  entry: LedgerEntry
  payee: Payee
  shownAtMs: number
  /** When the phone gives up by itself. */
  endsAtMs: number
  /** False when the phone is switched off: the subscriber is locked, and nobody sees anything. */
  isVisible: boolean
  /** Ends the payment with this ResultCode, at once. */
  end(resultCode: string): void
  /** Puts the phone away: nobody answers until the prompt's life is over. */
  ignore(): void
}

/** The open prompts of one simulator. */
export type Prompts = {
  /** Whether a transaction is in process for this subscriber. */
  isLocked(phone: string): boolean
  show(prompt: Prompt): void
  /** Takes a prompt down and frees its subscriber. */
  remove(prompt: Prompt): void
  /** The prompt with this CheckoutRequestID, if it can be seen. */
  find(checkoutRequestId: string): Prompt | null
  /** The prompt that can be seen on this phone. */
  on(phone: string): Prompt | null
  /** The phone is switched off: its prompt is gone, and its payment runs out. */
  hide(phone: string): void
  /** Up to `limit` prompts that can be seen, the oldest first. */
  list(limit: number): Prompt[]
}

/** No prompts yet; `onChange` hears of the phone whose prompt came or went. */
export function createPrompts(deps: { onChange(phone: string): void }): Prompts {
  const byPhone = new Map<string, Prompt>()
  const byCheckout = new Map<string, Prompt>()
  const visible = (prompt: Prompt | undefined): Prompt | null => (prompt?.isVisible ? prompt : null)
  return {
    isLocked: (phone) => byPhone.has(phone),
    show(prompt) {
      byPhone.set(prompt.entry.phone, prompt)
      byCheckout.set(prompt.entry.checkoutRequestId ?? '', prompt)
      deps.onChange(prompt.entry.phone)
    },
    remove(prompt) {
      byPhone.delete(prompt.entry.phone)
      byCheckout.delete(prompt.entry.checkoutRequestId ?? '')
      deps.onChange(prompt.entry.phone)
    },
    find: (checkoutRequestId) => visible(byCheckout.get(checkoutRequestId)),
    on: (phone) => visible(byPhone.get(phone)),
    hide(phone) {
      const prompt = byPhone.get(phone)
      if (prompt === undefined) return
      prompt.isVisible = false
      prompt.ignore()
      deps.onChange(phone)
    },
    list: (limit) =>
      byCheckout
        .values()
        .filter(({ isVisible }) => isVisible)
        .take(limit)
        .toArray(),
  }
}
