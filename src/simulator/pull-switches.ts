// How Pull Transactions behaves: the points on which captures of it disagree, and what may go wrong with it.
import { isJsonObject } from './json-body.ts'

/** Every switch of the statement. */
export type PullSwitches = {
  /** Rows of a page. */
  pageSize: number
  /** What OffSetValue counts, or that it is not heeded at all. */
  offset: 'pages' | 'rows' | 'ignored'
  /** Whether an answer says TotalPages. */
  totalPages: boolean
  /** `2026-03-21T09:00:00Z`; East Africa Time with that same Z; or East Africa Time without a zone. */
  times: 'utc_z' | 'eat_z' | 'eat'
  phone: 'full' | 'masked' | 'absent'
  /** Whether the rows lie in a list inside of a list. */
  nested: boolean
  /** Newer payments than this are not on the statement yet. Simulated milliseconds. */
  lagMs: number
  /** The share of payments that is missing from it for good. */
  omitted: number
  /** ResponseStatus in a registration's answer, or Response Status. */
  registerKeys: 'joined' | 'spaced'
  /** What is answered in place of a page. */
  fault: 'none' | 'no_records' | 'error' | 'garbled'
}

/** As Safaricom's own sample shows it. */
export const DEFAULT_PULL_SWITCHES: Readonly<PullSwitches> = {
  pageSize: 100,
  offset: 'pages',
  totalPages: true,
  times: 'utc_z',
  phone: 'full',
  nested: true,
  lagMs: 0,
  omitted: 0,
  registerKeys: 'joined',
  fault: 'none',
}

type Check = (value: unknown) => string | null

const within =
  (min: number, max: number, whole: boolean): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
      ? null
      : `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`
const oneOf =
  (...choices: string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value) ? null : `must be one of ${choices.join(', ')}`
const flag: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false')

const RULES: Record<keyof PullSwitches, Check> = {
  pageSize: within(1, 1_000, true),
  offset: oneOf('pages', 'rows', 'ignored'),
  totalPages: flag,
  times: oneOf('utc_z', 'eat_z', 'eat'),
  phone: oneOf('full', 'masked', 'absent'),
  nested: flag,
  lagMs: within(0, 86_400_000, true),
  omitted: within(0, 1, false),
  registerKeys: oneOf('joined', 'spaced'),
  fault: oneOf('none', 'no_records', 'error', 'garbled'),
}

/** Reads a full set of switches; what is not named is at its default. `errors` names each mistake. */
export function parsePullSwitches(
  value: unknown,
): { ok: true; switches: PullSwitches } | { ok: false; errors: string[] } {
  if (!isJsonObject(value)) return { ok: false, errors: ['the body must be a JSON object of switches'] }
  const errors = Object.entries(value).flatMap(([name, setting]) => {
    const problem = isSwitch(name) ? RULES[name](setting) : 'there is no such switch'
    return problem === null ? [] : [`${name}: ${problem}`]
  })
  if (errors.length > 0) return { ok: false, errors }
  // Every name and value was just checked against its rule.
  return { ok: true, switches: { ...DEFAULT_PULL_SWITCHES, ...(value as Partial<PullSwitches>) } }
}

function isSwitch(name: string): name is keyof PullSwitches {
  return Object.hasOwn(RULES, name)
}
