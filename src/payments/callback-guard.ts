// What keeps forged and repeated callbacks cheap: the same words about a payment are judged once, hints and
// rows that belong to nobody are few, and all of it in bounded memory. Nothing here refuses words that might
// be true: what is answered from memory is what the database said about the same words within the minute.
import { type AllowanceDeps, createAllowance, createKeyedAllowance, type Rate } from '../allowance.ts'
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import type { Payment } from './payment.ts'

/** What of a payment a callback must match; none of it ever changes once it is known. */
export type MatchFacts = Pick<Payment, 'live' | 'amountKes' | 'checkoutRequestId' | 'merchantRequestId'>

/** The guard of one process, for results of type `R`. */
export type CallbackGuard<R> = {
  /**
   * What the same words about the same payment came to within the last minute, if that was remembered; else
   * what `judge` comes to. Words that are being judged wait for that first. `crowded`: too many different
   * words about this one payment are being judged.
   */
  once(paymentId: Uuid, words: string, judge: () => Promise<Judged<R>>): Promise<R | 'crowded'>
  /**
   * Runs `take`, which never rejects, for words that nobody waits for any longer; not while the same words
   * are being taken so, nor while too many are.
   */
  takeLate(paymentId: Uuid, words: string, take: () => Promise<void>): void
  /** What was seen of the payment lately, to refuse what does not match it without asking. */
  factsOf(paymentId: Uuid): MatchFacts | null
  noteFacts(paymentId: Uuid, facts: MatchFacts): void
  /** Whether one more row may be kept about this payment: the database would refuse more than a few. */
  mayKeepOf(paymentId: Uuid): boolean
  /** Whether one more row may be kept that belongs to nobody. */
  mayKeepUnclaimed(): boolean
  /** Whether one more callback that nothing vouches for may be read at all. */
  mayRead(): boolean
  /** Whether one more bare callback may be looked up. */
  mayLookUp(addressAllowed: boolean): boolean
  /** Whether a hint may have M-Pesa asked; `foreignTo` names the shortcode when nothing vouches for it. */
  mayAsk(paymentId: Uuid, foreignTo: Uuid | null): boolean
  /** Forgets what words about the payment came to: it has changed. */
  forget(paymentId: Uuid): void
}

/** `isFinal`: the same words will always come to the same, and need not be judged again soon. */
export type Judged<R> = { result: R; isFinal: boolean }

/** Whatever changes under a memory is seen soon, and one database call a minute is nothing. */
const REMEMBERED_MS = 60_000
/** A few hundred bytes each. Beyond them the oldest is forgotten, and costs a database call again. */
const PAYMENTS_MAX = 10_000
/** Different words about one payment: a true one has two or three. */
const WORDS_MAX = 8
/** Words about one payment that are judged at a time: a true one never has more than a few copies. */
const JUDGING_MAX = 50
/** Taken late at a time; a few kilobytes each. */
const LATE_MAX = 5_000
/** As many as the database keeps of one payment (`callback-store.ts`). */
const KEPT_MAX = 20
/** Enough to see what is sent to us; a flood is counted, and not written down. */
const UNCLAIMED_ROWS: Rate = { atOnce: 100, everyMs: 1_000 }
/** Reading one costs more than all else about it. Far more than ever come when nobody forges any. */
const UNVOUCHED_READS: Rate = { atOnce: 500, everyMs: 20 }
/**
 * A look-up is one read of an index. True bare callbacks are those of callback addresses that were given to
 * Safaricom by hand, and come from Safaricom: what others send must not take their places.
 */
const LOOK_UPS_FROM_SAFARICOM: Rate = { atOnce: 200, everyMs: 10 }
const LOOK_UPS_FROM_OTHERS: Rate = { atOnce: 50, everyMs: 100 }
/** One hint says all that a second can, until the question that it caused has been asked. */
const ASKS_OF_PAYMENT: Rate = { atOnce: 1, everyMs: 30_000 }
/** Less than half of the 5 questions a minute with which a shortcode starts (`query-budget.ts`). */
const ASKS_OF_SHORTCODE: Rate = { atOnce: 2, everyMs: 30_000 }
const SHORTCODES_MAX = 10_000

type Entry<R> = { sinceMs: number; results: Map<string, R>; facts: MatchFacts | null; kept: number }

/** A guard that knows nothing yet. */
export function createCallbackGuard<R>(deps: AllowanceDeps): CallbackGuard<R> {
  const entries = createEntries<R>(deps)
  const judging = new Map<Uuid, Map<string, Promise<unknown>>>()
  const late = new Set<string>()
  const mayKeepUnclaimed = createAllowance(deps, UNCLAIMED_ROWS)
  const mayLookUpForSafaricom = createAllowance(deps, LOOK_UPS_FROM_SAFARICOM)
  const mayLookUpForOthers = createAllowance(deps, LOOK_UPS_FROM_OTHERS)
  const asksOfPayment = createKeyedAllowance<Uuid>(deps, ASKS_OF_PAYMENT, PAYMENTS_MAX)
  const asksOfShortcode = createKeyedAllowance<Uuid>(deps, ASKS_OF_SHORTCODE, SHORTCODES_MAX)

  async function judgeFirst(paymentId: Uuid, words: string, judge: () => Promise<Judged<R>>): Promise<R> {
    const ofPayment = judging.get(paymentId) ?? new Map<string, Promise<unknown>>()
    judging.set(paymentId, ofPayment)
    const work = judge()
    ofPayment.set(words, work)
    try {
      const { result, isFinal } = await work
      const entry = isFinal ? entries.make(paymentId) : null
      if (entry !== null && entry.results.size < WORDS_MAX) entry.results.set(words, result)
      return result
    } finally {
      ofPayment.delete(words)
      if (ofPayment.size === 0) judging.delete(paymentId)
    }
  }

  return {
    async once(paymentId, words, judge) {
      for (;;) {
        const known = entries.find(paymentId)?.results.get(words)
        if (known !== undefined) return known
        const ofPayment = judging.get(paymentId)
        const first = ofPayment?.get(words)
        if (first !== undefined) await first
        else if (ofPayment !== undefined && ofPayment.size >= JUDGING_MAX) return 'crowded'
        else return judgeFirst(paymentId, words, judge)
      }
    },
    takeLate(paymentId, words, take) {
      const name = `${paymentId} ${words}`
      if (late.has(name) || late.size >= LATE_MAX) return
      late.add(name)
      void take().finally(() => late.delete(name))
    },
    factsOf: (paymentId) => entries.find(paymentId)?.facts ?? null,
    noteFacts(paymentId, facts) {
      const { live, amountKes, checkoutRequestId, merchantRequestId } = facts
      entries.make(paymentId).facts = { live, amountKes, checkoutRequestId, merchantRequestId }
    },
    mayKeepOf(paymentId) {
      const entry = entries.make(paymentId)
      entry.kept += 1
      return entry.kept <= KEPT_MAX
    },
    mayKeepUnclaimed,
    mayRead: createAllowance(deps, UNVOUCHED_READS),
    mayLookUp: (addressAllowed) => (addressAllowed ? mayLookUpForSafaricom() : mayLookUpForOthers()),
    mayAsk: (paymentId, foreignTo) =>
      asksOfPayment.take(paymentId).ok && (foreignTo === null || asksOfShortcode.take(foreignTo).ok),
    forget: (paymentId) => entries.find(paymentId)?.results.clear(),
  }
}

/**
 * The guard as one callback meets it, however often that is tried while the database is away: what it was
 * told the first time holds for all of its tries.
 */
export function guardOfOne<R>(guard: CallbackGuard<R>): CallbackGuard<R> {
  return {
    ...guard,
    mayKeepOf: askedOnce(guard.mayKeepOf),
    mayLookUp: askedOnce(guard.mayLookUp),
    mayAsk: askedOnce(guard.mayAsk),
  }
}

/** `ask`, which is asked once: what it says then is what it says from there on. */
export function askedOnce<Args extends unknown[], Answer>(
  ask: (...args: Args) => Answer,
): (...args: Args) => Answer {
  let answer: Answer | undefined
  return (...args) => {
    answer ??= ask(...args)
    return answer
  }
}

/** What is remembered of payments, each for a minute from when it was begun. */
function createEntries<R>(deps: { clock: Clock }) {
  const entries = new Map<Uuid, Entry<R>>()
  function find(paymentId: Uuid): Entry<R> | undefined {
    const entry = entries.get(paymentId)
    if (entry === undefined) return undefined
    const ageMs = deps.clock.now() - entry.sinceMs
    if (ageMs >= 0 && ageMs < REMEMBERED_MS) return entry
    entries.delete(paymentId)
    return undefined
  }
  return {
    find,
    make(paymentId: Uuid): Entry<R> {
      const found = find(paymentId)
      if (found !== undefined) return found
      const entry: Entry<R> = { sinceMs: deps.clock.now(), results: new Map(), facts: null, kept: 0 }
      entries.set(paymentId, entry)
      const oldest = entries.size > PAYMENTS_MAX ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
      return entry
    },
  }
}
