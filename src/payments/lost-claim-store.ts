// A claim whose answer is lost with its connection may have made payments `sending` that nobody will ever
// send. The claimer knows that it never saw them, and so puts them back into the queue.
import {
  type Database,
  DatabaseUnavailableError,
  isDatabaseUnavailable,
  isRolledBack,
} from '../db/database.ts'
import type { UntilAvailable } from '../db/until-available.ts'
import type { Uuid } from '../ids.ts'

/** As much of a claim as tells its payments from all others: they are leased until that very moment. */
export type Lease = { now: Date; process: Uuid; leaseUntil: Date }

/** Less than the lease of a claim, after whose end they become `uncertain`. */
const REMEMBERED_MS = 80_000
/** Claims remembered at a time. A sweep makes about one a second, and fewer while they fail. */
const REMEMBERED_MAX = 100
/** Moments remembered: as many claims as a busy sweep makes in several times `REMEMBERED_MS`. */
const MOMENTS_MAX = 5_000

// One that its own request sends was sent as it was created; what a claim takes was created before. None of
// these can have been sent: a payment is sent only out of the answer of its claim.
const PUT_BACK = `
  update payments set
    state = 'queued', sent_at = null, due_at = $3, leased_by = null, leased_until = null, updated_at = $3
  where state = 'sending' and due_at = $1 and leased_until = $1 and leased_by = $2 and created_at < sent_at
  returning id`

/** Puts what a lost claim has taken back into the queue. Resolves to how many those are. */
export async function putBackClaimed(deps: { db: Database }, lost: Lease): Promise<number> {
  const found = await deps.db.query(PUT_BACK, [lost.leaseUntil, lost.process, lost.now])
  return found.rows.length
}

/** The claim may still be on its way to its commit. */
class NothingClaimedError extends DatabaseUnavailableError {
  override name = 'NothingClaimedError'
}

/**
 * `claim`, of one process, with a memory for lost answers. No two claims are leased until the same moment:
 * one that would be gets a later one. That holds when the clock is set back too, and no lease is the longer
 * for it.
 */
export function mendLostClaims<Claim extends Lease, Claimed>(
  deps: { putBack: (lost: Lease) => Promise<number>; untilAvailable: UntilAvailable },
  claim: (claim: Claim) => Promise<Claimed>,
): (claim: Claim) => Promise<Claimed> {
  const moments = new Set<number>()
  let remembered = 0

  function freeMoment(wishMs: number): number {
    let freeMs = wishMs
    while (moments.has(freeMs)) freeMs += 1
    moments.add(freeMs)
    const [oldest] = moments
    if (oldest !== undefined && moments.size > MOMENTS_MAX) moments.delete(oldest)
    return freeMs
  }

  async function putBack(lost: Lease): Promise<void> {
    const count = await deps.putBack(lost)
    if (count === 0) throw new NothingClaimedError('nothing was claimed so far')
  }

  function remember(lost: Lease): void {
    if (remembered >= REMEMBERED_MAX) return
    remembered += 1
    deps
      .untilAvailable(REMEMBERED_MS, () => putBack(lost))
      // What cannot be put back becomes `uncertain` with the end of its lease.
      .catch(() => undefined)
      .finally(() => {
        remembered -= 1
      })
  }

  return async (wish) => {
    const own = { ...wish, leaseUntil: new Date(freeMoment(wish.leaseUntil.getTime())) }
    try {
      return await claim(own)
    } catch (error) {
      if (isDatabaseUnavailable(error) && !isRolledBack(error)) remember(own)
      throw error
    }
  }
}
