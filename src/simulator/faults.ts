// The fault switches: what can go wrong, how often, and which of two disputed readings Daraja shows.
import { isJsonObject } from './json-body.ts'

/** Every switch. Shares run from 0 to 1, delays are simulated milliseconds. */
export type Faults = {
  /** Of ordinary pushes, the share refused at the edge with a spike arrest: no prompt. */
  spikeArrest: number
  /** … refused with 500.003.02, System is busy: no prompt. */
  systemBusy: number
  /** … answered with an HTML page and status 503, or as `htmlErrorForm` says: no prompt. */
  htmlError: number
  /** … answered with that, the prompt being shown all the same. */
  htmlErrorPrompted: number
  /** … answered with 500.003.1001, the prompt being shown all the same. */
  internalErrorPrompted: number
  /** … answered with 500.003.1001: no prompt. */
  internalErrorUnprompted: number
  /** … accepted, the connection being dropped with no answer. */
  droppedResponse: number
  /** Of ordinary payments, the share whose callback never comes. */
  lostCallback: number
  /** … whose callback comes twice. */
  doubleCallback: number
  /** … whose callback comes before the push's answer. */
  earlyCallback: number
  /** … whose callback comes `lateCallbackDelayMs` after the payment ended. */
  lateCallback: number
  /** Of ordinary payments, the share that customers decline: 1032, 1, 2001 or 1037, at random. */
  declined: number
  /** Of queries for finished payments, the share answered with 500.001.1001. */
  flakyQuery: number
  callbackDelayMs: number
  lateCallbackDelayMs: number
  promptLifeMs: number
  pushDelayMs: number
  queryDelayMs: number
  /** Until a push is this old, a query for it is answered with 400.002.02. */
  queryTooEarlyMs: number
  /** Copies of every callback: Daraja has been seen to send up to four. */
  callbackCopies: number
  /** Real seconds, not divided by the speed. */
  tokenLifetimeSeconds: number
  newTokenInvalidatesOld: boolean
  /** The JSON type of expires_in. */
  expiresIn: 'string' | 'number'
  /** How wrong OAuth credentials are answered: a status, with a body or none. */
  wrongCredentials: '400' | '400-empty' | '401' | '401-empty'
  /** A token that has expired or was replaced is 404.001.03, or 401.003.01. */
  invalidToken: '404' | '401'
  /** Refuses a Timestamp that is not of this hour in East Africa Time, as one in UTC. */
  strictTimestamp: boolean
  /** The HTTP status of "Unable to lock subscriber" and "System is busy". */
  busyStatus: number
  /** How a prompt ends that was seen and never answered. */
  promptTimeout: '1037' | '1032'
  /**
   * Limits queries, per consumer key, to the two numbers below. The sandbox does; it is off by default, since
   * production's limit is unpublished and a lost callback is to be found out at once in a demo.
   */
  queryRateLimit: boolean
  /** Five is the sandbox's. */
  queriesPerMinute: number
  /** Queries that may come at once after a pause. */
  queryBurst: number
  /** A payment in flight is ResultCode 4999, or (older) 500.001.1001. */
  queryInFlight: '4999' | 'error'
  /** Whether a query says "0" while the prompt is still up. */
  queryPaidWhileOpen: boolean
  /** The Balance item of a callback: without a Value, or not there. */
  balance: 'empty' | 'absent'
  callbackPhone: 'full' | 'masked' | 'absent'
  /** `[STK_CB - ]` before a failure's ResultDesc, as in 2017. */
  oldResultDesc: boolean
  idForm: 'new' | 'old'
  /** Pages of 502, 503 and 504, the firewall's of 403, or an Apigee fault of 502 that names no rate limit. */
  htmlErrorForm: EdgeError
  /** A spike arrest is a 429 with an Apigee fault, a 500 with 500.003.03, or one with 500.003.02. */
  spikeArrestForm: 'fault' | 'error' | 'busy'
}

/** What the edge answers when it cannot tell, or does not say, what became of a request. */
export const EDGE_ERRORS = ['html_503', 'html_502', 'html_504', 'html_403', 'fault_502'] as const
export type EdgeError = (typeof EDGE_ERRORS)[number]

/** What a switch can be set to. */
export type FaultRule =
  | { kind: 'share' }
  | { kind: 'integer'; min: number; max: number }
  | { kind: 'flag' }
  | { kind: 'choice'; choices: readonly string[] }

const SHARE: FaultRule = { kind: 'share' }
const FLAG: FaultRule = { kind: 'flag' }
/** An hour: longer than anything waits for a payment. */
const DELAY: FaultRule = { kind: 'integer', min: 0, max: 3_600_000 }

/** The rule of every switch, in the order in which they are shown. */
export const FAULT_RULES: Record<keyof Faults, FaultRule> = {
  spikeArrest: SHARE,
  systemBusy: SHARE,
  htmlError: SHARE,
  htmlErrorPrompted: SHARE,
  internalErrorPrompted: SHARE,
  internalErrorUnprompted: SHARE,
  droppedResponse: SHARE,
  lostCallback: SHARE,
  doubleCallback: SHARE,
  earlyCallback: SHARE,
  lateCallback: SHARE,
  declined: SHARE,
  flakyQuery: SHARE,
  callbackDelayMs: DELAY,
  lateCallbackDelayMs: DELAY,
  promptLifeMs: DELAY,
  pushDelayMs: DELAY,
  queryDelayMs: DELAY,
  queryTooEarlyMs: DELAY,
  callbackCopies: { kind: 'integer', min: 1, max: 4 },
  tokenLifetimeSeconds: { kind: 'integer', min: 1, max: 86_400 },
  newTokenInvalidatesOld: FLAG,
  expiresIn: { kind: 'choice', choices: ['string', 'number'] },
  wrongCredentials: { kind: 'choice', choices: ['400', '400-empty', '401', '401-empty'] },
  invalidToken: { kind: 'choice', choices: ['404', '401'] },
  strictTimestamp: FLAG,
  busyStatus: { kind: 'integer', min: 400, max: 599 },
  promptTimeout: { kind: 'choice', choices: ['1037', '1032'] },
  queryRateLimit: FLAG,
  queriesPerMinute: { kind: 'integer', min: 1, max: 100_000 },
  queryBurst: { kind: 'integer', min: 1, max: 1000 },
  queryInFlight: { kind: 'choice', choices: ['4999', 'error'] },
  queryPaidWhileOpen: FLAG,
  balance: { kind: 'choice', choices: ['empty', 'absent'] },
  callbackPhone: { kind: 'choice', choices: ['full', 'masked', 'absent'] },
  oldResultDesc: FLAG,
  idForm: { kind: 'choice', choices: ['new', 'old'] },
  htmlErrorForm: { kind: 'choice', choices: EDGE_ERRORS },
  spikeArrestForm: { kind: 'choice', choices: ['fault', 'error', 'busy'] },
}

/** Faults of which one push meets at most one, in the order in which they are drawn. */
export const PUSH_FAULTS = [
  'spikeArrest',
  'systemBusy',
  'htmlError',
  'htmlErrorPrompted',
  'internalErrorPrompted',
  'internalErrorUnprompted',
  'droppedResponse',
] as const satisfies readonly (keyof Faults)[]

/** Faults of which one callback meets at most one. */
export const CALLBACK_FAULTS = [
  'lostCallback',
  'doubleCallback',
  'earlyCallback',
  'lateCallback',
] as const satisfies readonly (keyof Faults)[]

/** Nothing goes wrong, and every disputed point is as most captures show it. */
export const DEFAULT_FAULTS: Readonly<Faults> = {
  spikeArrest: 0,
  systemBusy: 0,
  htmlError: 0,
  htmlErrorPrompted: 0,
  internalErrorPrompted: 0,
  internalErrorUnprompted: 0,
  droppedResponse: 0,
  lostCallback: 0,
  doubleCallback: 0,
  earlyCallback: 0,
  lateCallback: 0,
  declined: 0,
  flakyQuery: 0,
  callbackDelayMs: 3000,
  lateCallbackDelayMs: 180_000,
  promptLifeMs: 60_000,
  pushDelayMs: 0,
  queryDelayMs: 0,
  queryTooEarlyMs: 1000,
  callbackCopies: 1,
  tokenLifetimeSeconds: 3600,
  newTokenInvalidatesOld: true,
  expiresIn: 'string',
  wrongCredentials: '400',
  invalidToken: '404',
  strictTimestamp: false,
  busyStatus: 500,
  promptTimeout: '1037',
  queryRateLimit: false,
  queriesPerMinute: 5,
  queryBurst: 1,
  queryInFlight: '4999',
  queryPaidWhileOpen: false,
  balance: 'empty',
  callbackPhone: 'full',
  oldResultDesc: false,
  idForm: 'new',
  htmlErrorForm: 'html_503',
  spikeArrestForm: 'fault',
}

/**
 * Reads a full set of switches: what is not named is at its default, so `{}` clears every fault.
 * `errors` names each unknown switch and each bad value.
 */
export function parseFaults(value: unknown): { ok: true; faults: Faults } | { ok: false; errors: string[] } {
  if (!isJsonObject(value)) return { ok: false, errors: ['the body must be a JSON object of switches'] }
  const errors = Object.entries(value).flatMap(([name, setting]) => ruleError(name, setting) ?? [])
  if (errors.length > 0) return { ok: false, errors }
  // Every name and value was just checked against its rule.
  const faults = { ...DEFAULT_FAULTS, ...(value as Partial<Faults>) }
  const sums = [sumError('push', PUSH_FAULTS, faults), sumError('callback', CALLBACK_FAULTS, faults)]
  const over = sums.filter((error) => error !== null)
  return over.length > 0 ? { ok: false, errors: over } : { ok: true, faults }
}

/** Draws at most one of `names`, each as often as its share says; null for none. */
export function drawFault<Name extends keyof Faults>(
  deps: { random: () => number },
  faults: Faults,
  names: readonly Name[],
): Name | null {
  if (names.every((name) => faults[name] === 0)) return null
  let left = deps.random()
  for (const name of names) {
    left -= Number(faults[name])
    if (left < 0) return name
  }
  return null
}

function ruleError(name: string, setting: unknown): string | null {
  if (!isFaultName(name)) return `${name}: there is no such switch`
  const rule = FAULT_RULES[name]
  switch (rule.kind) {
    case 'share':
      return isWithin(setting, 0, 1) ? null : `${name}: must be a number from 0 to 1`
    case 'integer':
      if (Number.isInteger(setting) && isWithin(setting, rule.min, rule.max)) return null
      return `${name}: must be a whole number from ${rule.min} to ${rule.max}`
    case 'flag':
      return typeof setting === 'boolean' ? null : `${name}: must be true or false`
    case 'choice':
      if (typeof setting === 'string' && rule.choices.includes(setting)) return null
      return `${name}: must be one of ${rule.choices.join(', ')}`
  }
}

function isFaultName(name: string): name is keyof Faults {
  return Object.hasOwn(FAULT_RULES, name)
}

function isWithin(setting: unknown, min: number, max: number): boolean {
  return typeof setting === 'number' && setting >= min && setting <= max
}

function sumError(what: string, names: readonly (keyof Faults)[], faults: Faults): string | null {
  const sum = names.reduce((total, name) => total + Number(faults[name]), 0)
  // A little over 1 is what 0.1 + 0.2 and the like add up to.
  if (sum <= 1 + 1e-9) return null
  return `${names.join(', ')}: one ${what} meets at most one of these, so they must not add up to more than 1`
}
