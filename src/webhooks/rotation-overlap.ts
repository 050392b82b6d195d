// How long what was replaced in a rotation, a secret or a key, signs along.

const SECOND_MS = 1_000
/** Unless told otherwise. */
export const ROTATION_OVERLAP_SECONDS = 86_400
const ROTATION_OVERLAP_SECONDS_MAX = 7 * 86_400

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
