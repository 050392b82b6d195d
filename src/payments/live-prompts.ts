// The phones that have a prompt up through this process: M-Pesa shows one at a time, so a second push to one
// of them would be in vain.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import type { Phone } from '../phone.ts'
import { PROMPT_LIFE_MS } from './ask-schedule.ts'
import type { Payment } from './payment.ts'

/** Remembered prompts. Another process's are not known here: Daraja's own refusal tells of those. */
export type LivePrompts = {
  /** Whether a prompt is up on the phone, of another payment than this one. */
  isBusy(phone: Phone, paymentId: Uuid | null): boolean
  /** Daraja has accepted the payment's push. */
  began(payment: Pick<Payment, 'phone' | 'id'>): void
  /** The payment is settled. */
  ended(payment: Pick<Payment, 'phone' | 'id'>): void
}

/** A thousand payments a second for the life of a prompt, and then some; about 20 MB. */
const PHONES_MAX = 100_000

/** No prompts yet. */
export function createLivePrompts(deps: { clock: Clock }): LivePrompts {
  // All live equally long, so the order in which they came is the order in which they end.
  const prompts = new Map<Phone, { paymentId: Uuid; endsMs: number }>()

  /** Should it be up for longer, Daraja refuses. */
  function isUp({ endsMs }: { endsMs: number }): boolean {
    const leftMs = endsMs - deps.clock.now()
    // A clock that was set back must not keep it up.
    return leftMs > 0 && leftMs <= PROMPT_LIFE_MS
  }

  function forgetEnded(): void {
    for (const [phone, prompt] of prompts) {
      if (prompts.size <= PHONES_MAX && isUp(prompt)) break
      prompts.delete(phone)
    }
  }

  return {
    isBusy(phone, paymentId) {
      const prompt = prompts.get(phone)
      return prompt !== undefined && prompt.paymentId !== paymentId && isUp(prompt)
    },
    began({ phone, id }) {
      prompts.delete(phone)
      prompts.set(phone, { paymentId: id, endsMs: deps.clock.now() + PROMPT_LIFE_MS })
      forgetEnded()
    },
    ended({ phone, id }) {
      if (prompts.get(phone)?.paymentId === id) prompts.delete(phone)
    },
  }
}
