// How a sweep is shared among the endpoints that have something due. A claim reads what it may take of every
// endpoint before it takes anything: of a hundred with thousands due it would read all that each has room
// for, and leave nearly all of it.
import type { EndpointQuota } from './delivery-claim-store.ts'

/** An endpoint is asked for as many times its even share: some have less to give than that. */
const SHARES = 2
/** And for so many at the least; it costs little more to read them than to read one. */
const QUOTA_MIN = 8

/** `rooms` with quotas that together can fill `rowsMax`; who has more due gives it to the next sweep. */
export function shareSweep(rooms: readonly EndpointQuota[], rowsMax: number): EndpointQuota[] {
  const wanting = rooms.filter(({ quota }) => quota > 0).length
  const quotaMax = Math.max(QUOTA_MIN, Math.ceil((SHARES * rowsMax) / Math.max(1, wanting)))
  return rooms.map((each) => ({ ...each, quota: Math.min(each.quota, quotaMax) }))
}
