// A payment whose insert was cut off by the database may be committed though nothing was sent and its
// merchant was told so. This process knows, and says so as soon as the database is back.
import { DatabaseEndedError, DatabaseUnavailableError } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { NOT_SENT_CODE } from './dispatch.ts'
import { type MoveDeps, moveFrom } from './move.ts'
import type { Payment } from './payment.ts'

/** Longer than a restart or a failover takes. Beyond it the lease's end makes it `uncertain`. */
const REMEMBERED_MS = 80_000
/** Payments remembered at a time: a database that is away for long fails far more requests than that. */
const REMEMBERED_MAX = 1_000

/** There is no such payment so far; its insert may still be waiting for its commit. */
class NotCommittedError extends DatabaseUnavailableError {
  override name = 'NotCommittedError'
}

/** Payments that nobody was told of as made. */
export type Disowner = {
  disown(payment: Payment): void
  /** Whether its end is still being seen to: it must not be sent. */
  isDisowned(payment: Pick<Payment, 'id'>): boolean
}

/** Remembers payments that were never sent, and ends those that turn out to be committed. */
export function createDisowner(deps: MoveDeps): Disowner {
  const remembered = new Set<Uuid>()

  async function end(payment: Payment): Promise<void> {
    const ended = await moveFrom(deps, payment, 'given_up', {
      resultCode: NOT_SENT_CODE,
      resultDesc: 'The database was away when it was made; nothing was sent.',
      evidence: { source: 'gateway', confidence: 'proven', token: null, ip: null, query: null },
    })
    // Looked for once more, and again: the server may come to the insert, or to its commit, only later.
    if (ended === undefined) throw new NotCommittedError('not committed so far')
  }

  function disown(payment: Payment): void {
    if (remembered.size >= REMEMBERED_MAX) return
    remembered.add(payment.id)
    deps
      .untilAvailable(REMEMBERED_MS, () => end(payment))
      .catch((error: unknown) => {
        // Not committed in all that time; or this process is closing, and its lease's end sees to it.
        if (error instanceof NotCommittedError || error instanceof DatabaseEndedError) return
        deps.log.error({ payment: payment.id, err: error }, 'payment not disowned')
      })
      .finally(() => remembered.delete(payment.id))
  }

  return { disown, isDisowned: (payment) => remembered.has(payment.id) }
}
