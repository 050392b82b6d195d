// Phones, prompts and ledger entries as pages and scripts are shown them.
import { promptText } from './handset-texts.ts'
import type { LedgerEntry } from './ledger.ts'
import { type VirtualPhone, WRONG_PINS_MAX } from './phones.ts'
import type { Prompt } from './prompts.ts'
import type { Simulation } from './simulation.ts'

/** A prompt as a page shows it. Times are milliseconds since the Unix epoch. */
export type PromptView = {
  id: string | null
  phone: string
  shortcode: string
  amountKes: number
  reference: string
  /** Who is paid, as the handset names it. */
  payee: string
  isTill: boolean
  /** What the handset asks, in Safaricom's English. */
  text: string
  shownAtMs: number
  endsAtMs: number
  /** How long it stays up from now on: a page's clock may differ from the simulator's. */
  leftMs: number
}

/** A phone as the page that is this phone shows it. */
export type PhoneView = Omit<VirtualPhone, 'paid'> & { isLocked: boolean; prompt: PromptView | null }

/** What pages see of a push: all but the callback's address, which holds a token. */
export type LedgerView = Omit<LedgerEntry, 'callbackUrl'>

export function describePrompt(prompt: Prompt, nowMs: number): PromptView {
  const { entry, payee, shownAtMs, endsAtMs } = prompt
  return {
    id: entry.checkoutRequestId,
    phone: entry.phone,
    shortcode: entry.shortcode,
    amountKes: entry.amountKes,
    reference: entry.reference,
    payee: payee.name,
    isTill: payee.isTill,
    text: promptText(entry, payee),
    shownAtMs,
    endsAtMs,
    leftMs: Math.max(0, endsAtMs - nowMs),
  }
}

export function describePhone(
  { prompts, clock }: Pick<Simulation, 'prompts' | 'clock'>,
  phone: VirtualPhone,
): PhoneView {
  const { paid, ...shown } = phone
  const prompt = prompts.on(phone.number)
  return {
    ...shown,
    isLocked: phone.wrongPins >= WRONG_PINS_MAX,
    prompt: prompt === null ? null : describePrompt(prompt, clock.now()),
  }
}

export function describeEntry({ callbackUrl, ...shown }: LedgerEntry): LedgerView {
  return shown
}
