// What merchants do with a delivery: repeat it.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import type { Delivery } from './delivery.ts'
import { findDelivery, makeDue } from './delivery-store.ts'
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
