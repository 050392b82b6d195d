// What a customer's answer to a prompt comes to: the ResultCode (Daraja, ResultCodes), the money that leaves
// the phone, and the message after it.
import { DAY_LIMIT_KES, FAILED_TEXTS, paidText } from './handset-texts.ts'
import { addMessage, paidOnDayKes, takeMoney, type VirtualPhone, WRONG_PINS_MAX } from './phones.ts'
import type { Prompt } from './prompts.ts'

/** What somebody can do with a prompt. `right_pin` pays whatever the PIN is; `ignore` puts the phone away. */
export const ANSWERS = ['pay', 'right_pin', 'cancel', 'wrong_pin', 'insufficient', 'ignore'] as const
export type Answer = (typeof ANSWERS)[number]

const PAID = '0'
const LOW_BALANCE = '1'
const OVER_DAY_LIMIT = '4'
const CANCELLED = '1032'
const WRONG_PIN = '2001'
const PIN_LOCKED = '8006'

type Answered = { prompt: Prompt; phone: VirtualPhone | null; nowMs: number }

/**
 * Answers a prompt, and its payment ends at once; `ignore` leaves it to run out. `phone` is null on a test
 * phone, which takes any PIN and never runs out of money.
 */
export function answerPrompt(to: Answered, answer: Answer, pin: string | null): void {
  const { prompt, phone } = to
  if (answer === 'ignore') prompt.ignore()
  else if (answer === 'cancel') prompt.end(CANCELLED)
  else if (phone === null) prompt.end(codeWithoutPhone(answer))
  else enterPin(to, phone, answer, pin)
}

function enterPin(
  to: Answered,
  phone: VirtualPhone,
  answer: Exclude<Answer, 'cancel' | 'ignore'>,
  pin: string | null,
): void {
  // The PIN comes first: who cannot say who he is learns nothing of the balance.
  const isTyped = answer === 'pay' && phone.pin !== null
  const isWrong = isTyped ? pin !== phone.pin : answer === 'wrong_pin'
  if (phone.wrongPins >= WRONG_PINS_MAX) {
    fail(to, phone, { code: PIN_LOCKED, text: FAILED_TEXTS.locked() })
  } else if (isWrong) {
    phone.wrongPins += 1
    const left = WRONG_PINS_MAX - phone.wrongPins
    const text = left > 0 ? FAILED_TEXTS.wrongPin(left) : FAILED_TEXTS.locked()
    fail(to, phone, { code: WRONG_PIN, text })
  } else {
    phone.wrongPins = 0
    pay(to, phone, answer === 'insufficient')
  }
}

function codeWithoutPhone(answer: Exclude<Answer, 'cancel' | 'ignore'>): string {
  return { pay: PAID, right_pin: PAID, wrong_pin: WRONG_PIN, insufficient: LOW_BALANCE }[answer]
}

function pay(to: Answered, phone: VirtualPhone, isShort: boolean): void {
  const { prompt, nowMs } = to
  const { entry, payee } = prompt
  const balanceKes = phone.balanceKes ?? Number.POSITIVE_INFINITY
  if (isShort || entry.amountKes > balanceKes) {
    // Whoever says that the money is short by hand may have plenty.
    const toldKes = Math.min(balanceKes, entry.amountKes - 1)
    fail(to, phone, { code: LOW_BALANCE, text: FAILED_TEXTS.low(entry, payee, toldKes) })
    return
  }
  if (paidOnDayKes(phone, nowMs) + entry.amountKes > DAY_LIMIT_KES) {
    fail(to, phone, { code: OVER_DAY_LIMIT, text: FAILED_TEXTS.dayLimit(entry) })
    return
  }
  takeMoney(phone, nowMs, entry.amountKes)
  prompt.end(PAID)
  const left = {
    balanceKes: phone.balanceKes,
    dayKes: DAY_LIMIT_KES - paidOnDayKes(phone, nowMs),
    atMs: nowMs,
  }
  addMessage(phone, nowMs, paidText(entry, payee, left))
}

function fail(to: Answered, phone: VirtualPhone, why: { code: string; text: string }): void {
  addMessage(phone, to.nowMs, why.text)
  to.prompt.end(why.code)
}
