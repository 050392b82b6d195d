// What is wrong with a merchant's payments, from when it was first seen until it is over.
import type { Uuid } from '../ids.ts'

/** Everything that alerts are about. */
export const ALERT_KINDS = ['failures', 'endpoint_disabled', 'contradiction', 'credentials'] as const
/** One kind. */
export type AlertKind = (typeof ALERT_KINDS)[number]

/** One matter of a merchant's, as far as a mail tells of it. */
export type AlertIncident = {
  merchantId: Uuid
  id: Uuid
  kind: AlertKind
  /** An id as a UUID; the side for failures. */
  subject: string
  live: boolean
  /** What was known when it was first seen; texts and numbers. */
  facts: Readonly<Record<string, unknown>>
  openedAt: Date
  closedAt: Date | null
  /** True once nobody is to be told any more that it began: what is due is the mail that it is over. */
  isTold: boolean
  attempts: number
  /** Who has the mail that is due already. */
  toldTo: readonly string[]
  /** Who is to hear that it is over; null: everybody. */
  overTo: readonly string[] | null
}

/** Reads a row of `alert_incidents`; the checks of the schema vouch for the values. */
export function readIncident(row: Record<string, unknown>): AlertIncident {
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    kind: row.kind as AlertKind,
    subject: row.subject as string,
    live: row.live as boolean,
    facts: row.facts as Readonly<Record<string, unknown>>,
    openedAt: row.opened_at as Date,
    closedAt: row.closed_at as Date | null,
    isTold: row.told_at !== null,
    attempts: row.attempts as number,
    toldTo: row.told_to as string[],
    overTo: row.over_to as string[] | null,
  }
}
