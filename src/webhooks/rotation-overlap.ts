// How long what was replaced in a rotation, a secret or a key, signs along.

const SECOND_MS = 1_000
/** Unless told otherwise. */
export const ROTATION_OVERLAP_SECONDS = 86_400
const ROTATION_OVERLAP_SECONDS_MAX = 7 * 86_400
/**
 * Former ones that sign along at a time: each keeps its own promised end, whatever replaces its successor
 * meanwhile. More would make the header of signatures longer than receivers take.
 */
export const FORMER_MAX = 5

/** When an overlap of so many seconds from `now` on ends, null for none; or what is wrong with it. */
export function overlapEnd(
  now: Date,
  seconds: number = ROTATION_OVERLAP_SECONDS,
): { ok: true; until: Date | null } | { ok: false; message: string } {
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= ROTATION_OVERLAP_SECONDS_MAX)) {
    return { ok: false, message: `must be a whole number from 0 to ${ROTATION_OVERLAP_SECONDS_MAX}` }
  }
  return { ok: true, until: seconds === 0 ? null : new Date(now.getTime() + seconds * SECOND_MS) }
}

/** What was replaced, and until when it signs along. */
export type Former<T> = { value: T; expiresAt: Date }

/**
 * What was replaced, the newest first, in force or not. Without a previous one those before it are over as
 * well: a process of the version before, asked to end the former one at once, takes away that one alone.
 */
export function formerOnes<T>(
  previous: { value: T | null; expiresAt: Date | null },
  earlier: { values: readonly (T | null)[]; expireAt: readonly (Date | null)[] },
): Former<T>[] {
  if (previous.value === null) return []
  const values = [previous.value, ...earlier.values.toReversed()]
  const times = [previous.expiresAt, ...earlier.expireAt.toReversed()]
  return values.flatMap((value, index) => {
    const expiresAt = times[index] ?? null
    return value === null || expiresAt === null ? [] : [{ value, expiresAt }]
  })
}

/** Those of `former` that sign along at `nowMs`. */
export function inForce<T>(former: readonly Former<T>[], nowMs: number): Former<T>[] {
  return former.filter(({ expiresAt }) => expiresAt.getTime() > nowMs)
}
