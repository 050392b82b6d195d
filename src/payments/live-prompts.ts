// The phones that have a prompt up through this process: M-Pesa shows one at a time, so a second push to one
// of them would be in vain. What the simulator or the sandbox shows is on no phone of production's.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import { PROMPT_LIFE_MS } from './ask-schedule.ts'
import type { Payment } from './payment.ts'

/** A phone as one Daraja knows it. */
type DarajaPhone = Pick<Payment, 'environment' | 'phone'>

/** Remembered prompts. Another process's are not known here: Daraja's own refusal tells of those. */
export type LivePrompts = {
  /** Whether a prompt is up on the phone, of another payment than this one. */
  isBusy(phone: DarajaPhone, paymentId: Uuid | null): boolean
  /** Daraja has accepted the payment's push. */
  began(payment: DarajaPhone & Pick<Payment, 'id'>): void
  /** The payment is settled. */
  ended(payment: DarajaPhone & Pick<Payment, 'id'>): void
}

/** A thousand payments a second for the life of a prompt, and then some; about 20 MB. */
const PHONES_MAX = 100_000

/** No prompts yet. */
export function createLivePrompts(deps: { clock: Clock }): LivePrompts {
  // All live equally long, so the order in which they came is the order in which they end.
  const prompts = new Map<string, { paymentId: Uuid; endsMs: number }>()

  /** Should it be up for longer, Daraja refuses. */
  function isUp({ endsMs }: { endsMs: number }): boolean {
    const leftMs = endsMs - deps.clock.now()
    // A clock that was set back must not keep it up.
    return leftMs > 0 && leftMs <= PROMPT_LIFE_MS
  }

  function forgetEnded(): void {
    for (const [key, prompt] of prompts) {
      if (prompts.size <= PHONES_MAX && isUp(prompt)) break
      prompts.delete(key)
    }
  }

  return {
    isBusy(phone, paymentId) {
      const prompt = prompts.get(keyOf(phone))
      return prompt !== undefined && prompt.paymentId !== paymentId && isUp(prompt)
    },
    began(payment) {
      const key = keyOf(payment)
      prompts.delete(key)
      prompts.set(key, { paymentId: payment.id, endsMs: deps.clock.now() + PROMPT_LIFE_MS })
      forgetEnded()
    },
    ended(payment) {
      const key = keyOf(payment)
      if (prompts.get(key)?.paymentId === payment.id) prompts.delete(key)
    },
  }
}

function keyOf({ environment, phone }: DarajaPhone): string {
  return `${environment}/${phone}`
}
