// How long verdicts take, counted in steps that grow by a fifth: what percentiles are read from.

const FIRST_MS = 500
const GROWTH = 1.2
/** 500 ms · 1.2^40 is 12 minutes; what takes longer counts as the last step. */
const STEPS = 41

/** Where one step ends and the next begins, in milliseconds. */
export const WAIT_STEPS_MS: readonly number[] = Array.from({ length: STEPS }, (_, step) =>
  Math.round(FIRST_MS * GROWTH ** step),
)

/**
 * The time that `share` (0 to 1) of the counted verdicts did not take longer than, in milliseconds, as if
 * each step were evenly filled; null of nothing. `counts` has one more place than there are steps.
 */
export function waitPercentileMs(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let left = share * total
  for (const [place, count] of counts.entries()) {
    if (left <= count && count > 0) {
      const from = WAIT_STEPS_MS[place - 1] ?? 0
      const to = WAIT_STEPS_MS[place] ?? from
      return Math.round(from + ((to - from) * left) / count)
    }
    left -= count
  }
  return WAIT_STEPS_MS.at(-1) ?? null
}
