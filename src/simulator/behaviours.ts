// What will happen to a push: read off a test phone's digits, or drawn by the fault switches.
import { CALLBACK_FAULTS, drawFault, type EdgeError, type Faults, PUSH_FAULTS } from './faults.ts'

/** The digits of a test phone `2547000BCCCC`: behaviour B, and CCCC as a ResultCode without leading zeros. */
export type TestPhone = { behaviour: number; digits: string; resultCode: string }

/** A merchant's mistake that Daraja accepts, and that shows only later. */
export type Mistake = 'text_too_long' | 'wrong_type' | 'wrong_party_b'

/** A refusal that comes from the number or from a fault rather than from the request. */
export type ScriptedRefusal =
  | 'spike_arrest'
  | 'system_busy'
  | 'internal_error'
  | 'locked'
  | 'invalid_amount'
  | 'invalid_phone'
  | EdgeError

/** How an accepted push goes on. Delays are simulated milliseconds. */
export type Plan = {
  behaviour: number | null
  answer: 'accepted' | 'dropped' | 'internal_error' | EdgeError
  promptShown: boolean
  /** Whether no other push can reach the subscriber meanwhile, as when the prompt is up. */
  locksSubscriber: boolean
  /** The ResultCode that the payment ends with if nobody answers the prompt by hand, and when. */
  ends: { resultCode: string; afterMs: number }
  callback: { timing: 'prompt' | 'early' | 'late' | 'lost'; copies: number }
}

/** What becomes of one push. */
export type Fate = { kind: 'refused'; refusal: ScriptedRefusal } | { kind: 'begun'; plan: Plan }

type PushFault = (typeof PUSH_FAULTS)[number]

/** The ResultCode of a phone that nobody answered, or that could not be reached. */
const NO_ANSWER = '1037'

/** What a query says of a payment under way (Daraja, ResultCodes): none ends with it. */
export const IN_FLIGHT = '4999'

/** The behaviour whose query lags and fails now and then. */
export const FLAKY_QUERY_BEHAVIOUR = 8

/** How customers decline: cancelled, no money, wrong PIN, no answer (Daraja, ResultCodes). */
const DECLINES = ['1032', '1', '2001', NO_ANSWER]

const REFUSING_BEHAVIOUR = 7
const SILENT_BEHAVIOUR = 9
const TEST_PHONE_FORM = /^2547000(\d)(\d{4})$/

/**
 * How a mistake ends (Daraja, ResultCodes): too long a text brings no prompt; the rest is wrong set-up, and
 * which of its two codes stands for what is a guess.
 */
const MISTAKE_CODES: Record<Mistake, string> = {
  text_too_long: NO_ANSWER,
  wrong_type: '2028',
  wrong_party_b: 'SFC_IC0003',
}

/** The refusals of behaviour 7, by the last four digits; any other digits make the number itself invalid. */
const REFUSALS_BY_DIGITS: ReadonlyMap<string, ScriptedRefusal> = new Map([
  ['1001', 'locked'],
  ['0002', 'invalid_amount'],
  ['0302', 'system_busy'],
  ['0303', 'spike_arrest'],
  ['0503', 'html_503'],
])

/** The callback of each behaviour. That of 8 is lost, since nobody asks by query after a callback. */
const CALLBACKS_BY_BEHAVIOUR: ReadonlyMap<number, Plan['callback']> = new Map([
  [1, { timing: 'lost', copies: 0 }],
  [2, { timing: 'prompt', copies: 3 }],
  [3, { timing: 'early', copies: 1 }],
  [4, { timing: 'late', copies: 1 }],
  [FLAKY_QUERY_BEHAVIOUR, { timing: 'lost', copies: 0 }],
])

const ANSWERS_BY_BEHAVIOUR: ReadonlyMap<number, Plan['answer']> = new Map([
  [5, 'dropped'],
  [6, 'internal_error'],
])

/** Test numbers worth showing: each behaviour with a payment, and the commonest ways to fail. */
export const TEST_NUMBERS: readonly string[] = [
  ...['0', '1032', '1', '2001', '1037', '8006', '4'].map((code) => testNumber(0, code)),
  ...[1, 2, 3, 4, 5, 6].map((behaviour) => testNumber(behaviour, '0')),
  ...REFUSALS_BY_DIGITS.keys().map((digits) => testNumber(REFUSING_BEHAVIOUR, digits)),
  testNumber(FLAKY_QUERY_BEHAVIOUR, '0'),
  testNumber(SILENT_BEHAVIOUR, '0'),
]

function testNumber(behaviour: number, digits: string): string {
  return `2547000${behaviour}${digits.padStart(4, '0')}`
}

/** Reads a test phone's digits; null for every other number. */
export function parseTestPhone(phone: string): TestPhone | null {
  const [, behaviour, digits] = TEST_PHONE_FORM.exec(phone) ?? []
  if (behaviour === undefined || digits === undefined) return null
  return { behaviour: Number(behaviour), digits, resultCode: String(Number(digits)) }
}

/**
 * Decides what becomes of a push to `phone`. Test phones of behaviour 1 to 9 always do the same; all other
 * numbers, behaviour 0 included, are ordinary and meet the faults at their shares. `hand` says whether a
 * virtual phone has this number, and whether it is on.
 */
export function planPush(
  deps: { random: () => number },
  faults: Faults,
  push: { phone: string; mistake: Mistake | null; hand: 'none' | 'answers' | 'switched_off' },
): Fate {
  const test = parseTestPhone(push.phone)
  if (test?.behaviour === REFUSING_BEHAVIOUR) {
    return { kind: 'refused', refusal: REFUSALS_BY_DIGITS.get(test.digits) ?? 'invalid_phone' }
  }
  if (test?.resultCode === IN_FLIGHT && test.behaviour !== SILENT_BEHAVIOUR) {
    return { kind: 'refused', refusal: 'invalid_phone' }
  }
  const ordinary = test === null || test.behaviour === 0
  const fault = ordinary ? drawFault(deps, faults, PUSH_FAULTS) : null
  const refusal = refusalOf(faults, fault)
  if (refusal !== null) return { kind: 'refused', refusal }
  const resultCode = test?.resultCode ?? drawnResult(deps, faults)
  const silent = test?.behaviour === SILENT_BEHAVIOUR || (test === null && resultCode === NO_ANSWER)
  const waits = silent || push.hand !== 'none'
  const callback = ordinary
    ? drawnCallback(deps, faults, waits)
    : (CALLBACKS_BY_BEHAVIOUR.get(test.behaviour) ?? { timing: 'prompt', copies: 1 })
  const plan: Plan = {
    behaviour: test?.behaviour ?? null,
    answer: ordinary ? answerOf(faults, fault) : (ANSWERS_BY_BEHAVIOUR.get(test.behaviour) ?? 'accepted'),
    promptShown: push.mistake === null && push.hand !== 'switched_off',
    locksSubscriber: push.mistake === null,
    ends: waits
      ? { resultCode: timeoutCode(faults, push.hand !== 'switched_off'), afterMs: faults.promptLifeMs }
      : { resultCode, afterMs: answerDelayMs(deps, faults) },
    callback: {
      ...callback,
      copies: callback.copies === 0 ? 0 : Math.max(callback.copies, faults.callbackCopies),
    },
  }
  if (push.mistake !== null) plan.ends = mistakeEnd(deps, faults, push.mistake)
  return { kind: 'begun', plan }
}

/** How a prompt ends whose time is over: whether it could be seen to the last makes a difference to some. */
export function timeoutCode(faults: Faults, isVisible: boolean): string {
  return isVisible ? faults.promptTimeout : NO_ANSWER
}

function drawnResult(deps: { random: () => number }, faults: Faults): string {
  if (faults.declined === 0 || deps.random() >= faults.declined) return '0'
  return DECLINES[Math.floor(deps.random() * DECLINES.length)] ?? NO_ANSWER
}

function mistakeEnd(deps: { random: () => number }, faults: Faults, mistake: Mistake): Plan['ends'] {
  const resultCode = MISTAKE_CODES[mistake]
  const afterMs = mistake === 'text_too_long' ? faults.promptLifeMs : answerDelayMs(deps, faults)
  return { resultCode, afterMs }
}

/** Customers take about as long as each other, give or take a fifth, and no longer than the prompt is up. */
function answerDelayMs(deps: { random: () => number }, faults: Faults): number {
  return Math.min(faults.callbackDelayMs * (0.8 + 0.4 * deps.random()), faults.promptLifeMs)
}

function drawnCallback(deps: { random: () => number }, faults: Faults, waits: boolean): Plan['callback'] {
  switch (drawFault(deps, faults, CALLBACK_FAULTS)) {
    case 'lostCallback':
      return { timing: 'lost', copies: 0 }
    case 'doubleCallback':
      return { timing: 'prompt', copies: 2 }
    case 'earlyCallback':
      // A prompt that waits for a hand cannot have been answered before the push was.
      return { timing: waits ? 'prompt' : 'early', copies: 1 }
    case 'lateCallback':
      return { timing: 'late', copies: 1 }
    case null:
      return { timing: 'prompt', copies: 1 }
  }
}

function refusalOf(faults: Faults, fault: PushFault | null): ScriptedRefusal | null {
  switch (fault) {
    case 'spikeArrest':
      return 'spike_arrest'
    case 'systemBusy':
      return 'system_busy'
    case 'htmlError':
      return faults.htmlErrorForm
    case 'internalErrorUnprompted':
      return 'internal_error'
    default:
      return null
  }
}

function answerOf(faults: Faults, fault: PushFault | null): Plan['answer'] {
  switch (fault) {
    case 'droppedResponse':
      return 'dropped'
    case 'internalErrorPrompted':
      return 'internal_error'
    case 'htmlErrorPrompted':
      return faults.htmlErrorForm
    default:
      return 'accepted'
  }
}
