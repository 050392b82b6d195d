// The figures drawn from measured rounds: middle, extent and percentiles.

/** The middle of several rounds with the lowest and the highest of them. */
export type Spread = { median: number; min: number; max: number }

/** The middle value, between the two middle ones when their number is even. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = sort(values)
  const middle = (sorted.length - 1) / 2
  return (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2
}

/** The smallest value that `percent` of them do not exceed (nearest rank). Throws when there is none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = sort(values)
  const rank = Math.ceil((percent / 100) * sorted.length)
  return at(sorted, Math.min(Math.max(rank, 1), sorted.length) - 1)
}

/** Median, lowest and highest. Throws when there is none. */
export function spread(values: readonly number[]): Spread {
  const sorted = sort(values)
  return { median: median(sorted), min: at(sorted, 0), max: at(sorted, sorted.length - 1) }
}

/** The spread of what was measured in every round; null when a round has no figure. */
export function spreadOfKnown(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 || known.length < values.length ? null : spread(known)
}

function sort(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b)
}

function at(values: readonly number[], index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError('there are no values to draw a figure from')
  return value
}
