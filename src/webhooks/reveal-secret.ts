// The secret of an endpoint, shown again to a person who may change it.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { type SecretSealer, secretContext } from './endpoint-directory.ts'
import { readSealedEndpoints } from './endpoint-store.ts'
import { inForce } from './rotation-overlap.ts'

/** The secrets that sign by HMAC now: the current one, and the last of the former while any signs along. */
export type RevealedSecret = { secret: string; previous: { secret: string; expiresAt: Date } | null }

/** The secrets of an endpoint of `owner`; null when there is none. Throws when they do not open. */
export async function revealSecret(
  deps: { db: Database; clock: Clock; sealer: SecretSealer },
  owner: Owner,
  id: Uuid,
): Promise<RevealedSecret | null> {
  const rows = await readSealedEndpoints(deps, owner.merchantId)
  const row = rows.find(({ endpoint }) => endpoint.id === id && endpoint.live === owner.live)
  if (row === undefined) return null
  const open = (sealed: Buffer) => deps.sealer.open(sealed, secretContext(owner.merchantId, id))
  const [previous] = inForce(row.formerSecrets, deps.clock.now())
  return {
    secret: open(row.secretSealed),
    previous: previous === undefined ? null : { secret: open(previous.value), expiresAt: previous.expiresAt },
  }
}
