// Lengths of time as people say them.

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** "340 ms", "4.2 s", "2 min 5 s", "3 h 10 min". */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(ms < 10 * SECOND_MS ? 1 : 0)} s`
  const [big, small, bigMs, smallMs] =
    ms < HOUR_MS ? ['min', 's', MINUTE_MS, SECOND_MS] : ['h', 'min', HOUR_MS, MINUTE_MS]
  const rest = Math.floor((ms % Number(bigMs)) / Number(smallMs))
  return `${Math.floor(ms / Number(bigMs))} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
