// `?wait=SECONDS`: holds an answer until there is something to say.
import { HttpError } from './http-error.ts'

/** Below what proxies and browsers allow an answer to take. */
export const WAIT_SECONDS_MAX = 60

/** Reads `wait` out of a query string, in milliseconds; 0 when absent. */
export function readWaitMs(query: unknown): number {
  const value = typeof query === 'object' && query !== null && 'wait' in query ? query.wait : undefined
  if (value === undefined || value === '') return 0
  const seconds =
    typeof value === 'string' && /^\d{1,3}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN
  if (seconds >= 0 && seconds <= WAIT_SECONDS_MAX) return seconds * 1_000
  throw new HttpError('invalid', 'Invalid input: wait.', {
    fields: { wait: [`The wait must be a number of seconds from 0 to ${WAIT_SECONDS_MAX}.`] },
  })
}
