// What merchants do with deliveries: repeat one, or replay what an endpoint has missed.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import type { Delivery } from './delivery.ts'
import { findDelivery, makeDue, replayMissed } from './delivery-store.ts'
import { findEndpoint } from './endpoint-store.ts'

type Deps = { clock: Clock; db: Database; wake?: () => void }

/** Why a delivery was not repeated. */
export type RetryProblem = {
  ok: false
  code: 'not_found' | 'endpoint_deleted' | 'endpoint_disabled' | 'under_way'
}

/** Makes a delivery due now, also one that was delivered; the next sweep attempts it. */
export async function retryDelivery(
  deps: Deps,
  owner: Owner,
  id: Uuid,
): Promise<{ ok: true; delivery: Delivery } | RetryProblem> {
  const isDue = await makeDue(deps, owner, id, new Date(deps.clock.now()))
  const delivery = await findDelivery(deps, owner, id)
  if (delivery === null) return { ok: false, code: 'not_found' }
  if (isDue) {
    deps.wake?.()
    return { ok: true, delivery }
  }
  const endpoint = await findEndpoint(deps, owner, delivery.endpointId)
  if (endpoint === null) return { ok: false, code: 'endpoint_deleted' }
  return { ok: false, code: endpoint.disabledAt === null ? 'under_way' : 'endpoint_disabled' }
}

/** Deliveries a statement makes due: a moment's work each. */
const REPLAY_BATCH = 500
/** Deliveries one replay makes due at the most; who has missed more asks again. */
export const REPLAY_MAX = 10_000

/** Makes due all that an endpoint has missed since `since`; says how many, at most `REPLAY_MAX`. */
export async function replayEndpoint(
  deps: Deps,
  owner: Owner,
  endpointId: Uuid,
  since: Date,
): Promise<{ ok: true; count: number } | { ok: false; code: 'not_found' | 'endpoint_disabled' }> {
  const endpoint = await findEndpoint(deps, owner, endpointId)
  if (endpoint === null) return { ok: false, code: 'not_found' }
  if (endpoint.disabledAt !== null) return { ok: false, code: 'endpoint_disabled' }
  const now = new Date(deps.clock.now())
  let count = 0
  while (count < REPLAY_MAX) {
    const replayed = await replayMissed(deps, endpoint, { since, now, limit: REPLAY_BATCH })
    count += replayed
    if (replayed < REPLAY_BATCH) break
  }
  deps.wake?.()
  return { ok: true, count }
}
