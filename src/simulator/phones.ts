// The virtual phones: handsets with a PIN, a balance and messages, whose prompts wait for somebody's hand.
import { eatStamp } from './eat-time.ts'

/** A message of M-PESA's on a phone. */
export type PhoneMessage = { id: number; atMs: number; text: string }

/** A handset. It keeps its money and its messages while no page shows it. */
export type VirtualPhone = {
  number: string
  /** Null takes any PIN. */
  pin: string | null
  /** Null never runs out. */
  balanceKes: number | null
  isOn: boolean
  /** Wrong PINs in a row; at three the PIN is locked. */
  wrongPins: number
  /** The latest, oldest first. */
  messages: PhoneMessage[]
  /** What was paid on one day of East Africa Time. */
  paid: { day: string; amountKes: number }
}

/** What a phone can be told to be; what is not given stays as it is. */
export type PhoneSettings = { pin?: string | null; balanceKes?: number | null; isOn?: boolean }

/** The virtual phones of one simulator. */
export type Phones = {
  /** Opens a phone until it is closed, whether a page shows it or not. Null when there is no room. */
  open(number: string, settings: PhoneSettings): VirtualPhone | null
  /** Ends what `open` began; false when nothing was. A page that shows the phone goes on showing it. */
  close(number: string): boolean
  /**
   * A page shows this phone from now until the answer is called, and for a moment longer, so that a page
   * that loads again misses nothing. Null when there is no room.
   */
  hold(number: string): (() => void) | null
  /** The phone with this number if somebody answers it. */
  answered(number: string): VirtualPhone | null
  /** The phone with this number, if there ever was one. */
  find(number: string): VirtualPhone | null
  /** The numbers that somebody answers. */
  numbers(): string[]
}

/** A PIN is locked by the third wrong one in a row. */
export const WRONG_PINS_MAX = 3
/** What a page's phone begins with; both are shown and can be changed. */
const FIRST_PIN = '1234'
const FIRST_BALANCE_KES = 5000
/** A limit, so that pages left behind cannot fill the memory. */
const PHONES_MAX = 10_000
const MESSAGES_MAX = 50
/** A page that loads again, or lost its connection, is back well before this; in real time. */
const ABSENCE_MS = 10_000

type Kept = { phone: VirtualPhone; isOpen: boolean; pages: number }

/** No phones yet; `afterReal` runs something after that much real time. */
export function createPhones(deps: {
  afterReal(delayMs: number, run: () => void): void
  onChange(number: string): void
}): Phones {
  const kept = new Map<string, Kept>()
  const isAnswered = ({ isOpen, pages }: Kept): boolean => isOpen || pages > 0
  const ensure = (number: string): Kept | null => {
    const found = kept.get(number)
    if (found) return found
    if (kept.size >= PHONES_MAX && !forgetOne(kept, isAnswered)) return null
    const made: Kept = { phone: newPhone(number), isOpen: false, pages: 0 }
    kept.set(number, made)
    return made
  }
  return {
    open(number, settings) {
      const one = ensure(number)
      if (one === null) return null
      one.isOpen = true
      Object.assign(one.phone, settings)
      deps.onChange(number)
      return one.phone
    },
    close(number) {
      const one = kept.get(number)
      if (!one?.isOpen) return false
      one.isOpen = false
      if (one.pages === 0) kept.delete(number)
      deps.onChange(number)
      return true
    },
    hold(number) {
      const one = ensure(number)
      if (one === null) return null
      one.pages += 1
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        deps.afterReal(ABSENCE_MS, () => {
          one.pages -= 1
        })
      }
    },
    answered(number) {
      const one = kept.get(number)
      return one !== undefined && isAnswered(one) ? one.phone : null
    },
    find: (number) => kept.get(number)?.phone ?? null,
    numbers: () => [...kept.values()].filter(isAnswered).map(({ phone }) => phone.number),
  }
}

/** Adds a message, and forgets the oldest beyond a limit. */
export function addMessage(phone: VirtualPhone, atMs: number, text: string): void {
  const id = (phone.messages.at(-1)?.id ?? 0) + 1
  phone.messages = [...phone.messages, { id, atMs, text }].slice(-MESSAGES_MAX)
}

/** What the phone has paid on the day of `atMs`. */
export function paidOnDayKes(phone: VirtualPhone, atMs: number): number {
  return phone.paid.day === dayOf(atMs) ? phone.paid.amountKes : 0
}

/** Takes a payment off the balance and adds it to the day's. */
export function takeMoney(phone: VirtualPhone, atMs: number, amountKes: number): void {
  phone.paid = { day: dayOf(atMs), amountKes: paidOnDayKes(phone, atMs) + amountKes }
  if (phone.balanceKes !== null) phone.balanceKes -= amountKes
}

function dayOf(atMs: number): string {
  return eatStamp(atMs).slice(0, 8)
}

function newPhone(number: string): VirtualPhone {
  return {
    number,
    pin: FIRST_PIN,
    balanceKes: FIRST_BALANCE_KES,
    isOn: true,
    wrongPins: 0,
    messages: [],
    paid: { day: '', amountKes: 0 },
  }
}

/** Makes room by forgetting the oldest phone that nobody answers. */
function forgetOne(kept: Map<string, Kept>, isAnswered: (one: Kept) => boolean): boolean {
  for (const [number, one] of kept) {
    if (!isAnswered(one)) return kept.delete(number)
  }
  return false
}
