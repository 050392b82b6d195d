// What the queue's sweep does to the tables in memory: who has anything due, and the claims before a push.
import type { Lease } from '../../src/payments/lost-claim-store.ts'
import type { DuePayment } from '../../src/payments/payment-due-store.ts'
import type {
  QueueClaim,
  QueuePage,
  QueueRelease,
  QueueSource,
} from '../../src/payments/payment-queue-store.ts'
import { type MemoryRow, nameOf, put, type Tables } from './memory-tables.ts'

/** As `findWaiting`. */
export function findWaiting(
  tables: Tables,
  page: { now: Date; after: QueueSource | null; limit: number },
): QueuePage {
  const earliest = new Map<string, { source: QueueSource; dueAt: Date }>()
  for (const { payment, dueAt } of queued(tables)) {
    const { merchantId, shortcodeId } = payment
    const name = sourceName(payment)
    if (dueAt === null || (page.after !== null && name <= sourceName(page.after))) continue
    const known = earliest.get(name)
    if (known === undefined || dueAt < known.dueAt) {
      earliest.set(name, { source: { merchantId, shortcodeId }, dueAt })
    }
  }
  const seen = [...earliest].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, page.limit)
  return {
    sources: seen.filter(([, { dueAt }]) => dueAt <= page.now).map(([, { source }]) => source),
    next: seen.length < page.limit ? null : (seen.at(-1)?.[1].source ?? null),
  }
}

function sourceName({ merchantId, shortcodeId }: QueueSource): string {
  return `${merchantId}/${shortcodeId}`
}

function queued(tables: Tables): MemoryRow[] {
  return [...tables.due.values()].filter(({ payment }) => payment.state === 'queued')
}

/** As `claimQueued`. */
export function claimQueued(
  tables: Tables,
  claim: QueueClaim & { shares: (QueueSource & { count: number })[] },
): DuePayment[] {
  return claim.shares.flatMap((share) => {
    const due = queued(tables)
      .filter((row) => sourceName(row.payment) === sourceName(share) && isFree(row, claim.now))
      .filter(({ dueAt }) => dueAt !== null && dueAt <= claim.now)
      .sort((a, b) => (a.dueAt?.getTime() ?? 0) - (b.dueAt?.getTime() ?? 0))
    return due.slice(0, share.count).map((row) => take(tables, row, claim))
  })
}

/** As `releaseQueued`. */
export function releaseQueued(tables: Tables, release: QueueRelease): true | undefined {
  const row = tables.payments.get(nameOf(release))
  if (row === undefined || row.payment.state !== 'queued' || row.leasedBy !== release.leasedBy)
    return undefined
  if (row.leasedUntil?.getTime() !== release.leasedUntil.getTime()) return undefined
  put(tables, row, { ...row, dueAt: release.at, leasedBy: null, leasedUntil: null })
  return true
}

/** As `putBackClaimed`. */
export function putBackClaimed(tables: Tables, lost: Lease): number {
  const leaseMs = lost.leaseUntil.getTime()
  const taken = [...tables.due.values()].filter(({ payment, dueAt, leasedUntil, leasedBy }) => {
    const isTheirs = dueAt?.getTime() === leaseMs && leasedUntil?.getTime() === leaseMs
    const isFromQueue = payment.sentAt !== null && payment.createdAt < payment.sentAt
    return payment.state === 'sending' && isTheirs && leasedBy === lost.process && isFromQueue
  })
  for (const row of taken) {
    const payment = { ...row.payment, state: 'queued' as const, sentAt: null, updatedAt: lost.now }
    put(tables, row, { ...row, payment, dueAt: lost.now, leasedBy: null, leasedUntil: null })
  }
  return taken.length
}

/** As `claimExpired`. */
export function claimExpired(tables: Tables, claim: QueueClaim & { limit: number }): DuePayment[] {
  const expired = queued(tables)
    .filter((row) => isFree(row, claim.now) && row.payment.expiresAt <= claim.now)
    .sort((a, b) => a.payment.expiresAt.getTime() - b.payment.expiresAt.getTime())
  return expired.slice(0, claim.limit).map((row) => take(tables, row, claim))
}

function isFree({ leasedUntil }: MemoryRow, now: Date): boolean {
  return leasedUntil === null || leasedUntil <= now
}

/** What may still be sent becomes `sending`; what has expired stays queued, to be given up. */
function take(tables: Tables, row: MemoryRow, claim: QueueClaim): DuePayment {
  const { payment } = row
  const isSent = payment.expiresAt > claim.now
  const after: MemoryRow = {
    ...row,
    payment: {
      ...payment,
      state: isSent ? 'sending' : payment.state,
      sentAt: isSent ? claim.now : payment.sentAt,
      resultCode: isSent ? null : payment.resultCode,
      resultDesc: isSent ? null : payment.resultDesc,
      updatedAt: claim.now,
    },
    dueAt: claim.leaseUntil,
    leasedBy: claim.process,
    leasedUntil: claim.leaseUntil,
  }
  put(tables, row, after)
  return { payment: after.payment, foundState: 'queued', attempts: row.attempts, queries: row.queries }
}
