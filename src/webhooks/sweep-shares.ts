// How a sweep is shared among the endpoints that have something due. A claim reads what it may take of every
// endpoint before it takes anything: of a hundred with thousands due it would read all that each has room
// for, and leave nearly all of it.
import type { Uuid } from '../ids.ts'
import type { EndpointQuota } from './delivery-claim-store.ts'

/** An endpoint is asked for as many times its even share: some have less to give than that. */
const SHARES = 2
/** And for so many at the least; it costs little more to read them than to read one. */
const QUOTA_MIN = 8
/** Of endpoints that are known to have much due each gives about this much, so that few fill a sweep. */
const GIVEN = 25

/**
 * `rooms` with quotas that together can fill `rowsMax`; who has more due gives it to the next sweep. Those in
 * `plentiful` gave all they were asked for the last time: of them only the first that can fill the sweep are
 * asked, in the order of that set.
 */
export function shareSweep(
  rooms: readonly EndpointQuota[],
  rowsMax: number,
  plentiful: ReadonlySet<Uuid>,
): EndpointQuota[] {
  const asked = askedOf(rooms, rowsMax, plentiful)
  const quotaMax = Math.max(QUOTA_MIN, Math.ceil((SHARES * rowsMax) / Math.max(1, asked.size)))
  return rooms.map((room) => ({
    ...room,
    quota: asked.has(room.endpointId) ? Math.min(room.quota, quotaMax) : 0,
  }))
}

function askedOf(rooms: readonly EndpointQuota[], rowsMax: number, plentiful: ReadonlySet<Uuid>): Set<Uuid> {
  const roomOf = new Map(rooms.map(({ endpointId, quota }) => [endpointId, quota]))
  const asked = new Set<Uuid>()
  let given = 0
  for (const endpointId of plentiful) {
    if (given >= rowsMax) break
    const room = roomOf.get(endpointId) ?? 0
    if (room > 0) asked.add(endpointId)
    given += Math.min(room, GIVEN)
  }
  for (const { endpointId, quota } of rooms) {
    if (quota > 0 && !plentiful.has(endpointId)) asked.add(endpointId)
  }
  return asked
}
