// Prompts on phones: one per subscriber at a time (the lock), and the virtual phones that answer by hand.
import type { LedgerEntry } from './ledger.ts'

/** A prompt that is up on a phone now. */
export type Prompt = {
  entry: LedgerEntry
  shownAtMs: number
  /** When the phone gives up by itself. */
  endsAtMs: number
  /** Ends the payment with this ResultCode, at once. */
  end(resultCode: string): void
  /** Puts the phone away: nobody answers until the prompt's life is over. */
  ignore(): void
}

/** The open prompts and the virtual phones of one simulator. */
export type Prompts = {
  /** Whether a prompt is up for this subscriber. */
  isLocked(phone: string): boolean
  show(prompt: Prompt): void
  /** Takes a prompt down and frees its subscriber. */
  remove(prompt: Prompt): void
  find(checkoutRequestId: string): Prompt | null
  /** Up to `limit` open prompts, the oldest first, of one phone or of all. */
  list(phone: string | null, limit: number): Prompt[]
  /** Opens a virtual phone, whose prompts wait for an answer; `pin` null takes any PIN. False when full. */
  openPhone(number: string, pin: string | null): boolean
  closePhone(number: string): boolean
  /** The virtual phone with this number, if one is open. */
  phone(number: string): { pin: string | null } | null
  phoneNumbers(): string[]
}

/** A limit, so that pages left behind cannot fill the memory. */
const PHONES_MAX = 10_000

/** No prompts and no phones yet. */
export function createPrompts(): Prompts {
  const byPhone = new Map<string, Prompt>()
  const byCheckout = new Map<string, Prompt>()
  const phones = new Map<string, { pin: string | null }>()
  return {
    isLocked: (phone) => byPhone.has(phone),
    show(prompt) {
      byPhone.set(prompt.entry.phone, prompt)
      byCheckout.set(prompt.entry.checkoutRequestId ?? '', prompt)
    },
    remove(prompt) {
      byPhone.delete(prompt.entry.phone)
      byCheckout.delete(prompt.entry.checkoutRequestId ?? '')
    },
    find: (checkoutRequestId) => byCheckout.get(checkoutRequestId) ?? null,
    list(phone, limit) {
      if (phone === null) return byCheckout.values().take(limit).toArray()
      const prompt = byPhone.get(phone)
      return prompt === undefined ? [] : [prompt]
    },
    openPhone(number, pin) {
      if (phones.size >= PHONES_MAX && !phones.has(number)) return false
      phones.set(number, { pin })
      return true
    },
    closePhone: (number) => phones.delete(number),
    phone: (number) => phones.get(number) ?? null,
    phoneNumbers: () => [...phones.keys()],
  }
}
