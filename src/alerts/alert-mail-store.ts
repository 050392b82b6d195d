// The statements on mails that are due: claimed by one process, and taken off the list when they are sent.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { KeptSettings, MerchantSettings } from '../merchants/merchant-settings.ts'
import { type AlertIncident, type AlertKind, readIncident } from './alert-incident.ts'

type Deps = { db: Database }

/** One merchant has at most a mail of each kind in this time; what comes meanwhile is in the next one. */
const MAIL_EVERY = `interval '15 minutes'`
/** Matters of one claim: a mail lists some and counts the rest. */
const CLAIM_MAX = 500

// The row of the merchant is locked so that two processes never share out what belongs into one mail. What
// has reached somebody goes on to the others by itself: it is none of a new mail to those who have it.
const CLAIM = `
  with next as (
    select i.merchant_id, i.kind, i.told_at is not null as is_over, i.told_to <> '{}' as is_begun
    from alert_incidents i
    where i.due_at <= $1 and (i.leased_until is null or i.leased_until <= $1)
      and (i.told_to <> '{}' or not exists (
        select from alert_incidents o
        where o.merchant_id = i.merchant_id and o.kind = i.kind
          and (case when i.told_at is null then coalesce(o.first_mailed_at, o.told_at)
              else coalesce(o.over_mailed_at, o.recovery_told_at) end)
            > $1::timestamptz - ${MAIL_EVERY}))
    order by i.due_at limit 1
  ), owner as (
    select s.merchant_id from merchant_settings s join next n on n.merchant_id = s.merchant_id
    for update of s skip locked
  ), picked as (
    select i.merchant_id, i.id
    from next n join owner w on w.merchant_id = n.merchant_id
    join alert_incidents i on i.merchant_id = n.merchant_id and i.kind = n.kind
      and (i.told_at is not null) = n.is_over and (i.told_to <> '{}') = n.is_begun
    where i.due_at <= $1 and (i.leased_until is null or i.leased_until <= $1)
    order by i.opened_at limit ${CLAIM_MAX}
  )
  update alert_incidents i set leased_by = $2, leased_until = $3
  from picked p
  where i.merchant_id = p.merchant_id and i.id = p.id
    and i.due_at <= $1 and (i.leased_until is null or i.leased_until <= $1)
  returning i.*`

/** The matters of one mail that is due, under a lease until `until`; none when nothing is due. */
export async function claimMail(
  deps: Deps,
  claim: { now: Date; process: Uuid; until: Date },
): Promise<AlertIncident[]> {
  const { rows } = await deps.db.query<Record<string, unknown>>(CLAIM, [
    claim.now,
    claim.process,
    claim.until,
  ])
  return rows.map(readIncident).sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
}

type Claimed = { incidents: readonly AlertIncident[]; process: Uuid; now: Date }

/**
 * The mail was sent to everybody, or is not wanted any more (`isMailed` false). A matter that is over since
 * is due again.
 */
export async function noteTold(
  deps: Deps,
  { incidents, process, now }: Claimed,
  isMailed: boolean,
): Promise<void> {
  await deps.db.query(
    `update alert_incidents i set leased_by = null, leased_until = null, attempts = 0, told_to = '{}',
       told_at = coalesce(i.told_at, $4),
       recovery_told_at = case when i.told_at is not null then $4 end,
       first_mailed_at = case when $5 and i.told_at is null then coalesce(i.first_mailed_at, $4)
         else i.first_mailed_at end,
       over_mailed_at = case when $5 and i.told_at is not null then coalesce(i.over_mailed_at, $4) end,
       due_at = case when i.told_at is null and i.closed_how = 'recovered' then $4 end
     from unnest($1::uuid[], $2::uuid[]) as x (merchant_id, id)
     where i.merchant_id = x.merchant_id and i.id = x.id and i.leased_by = $3`,
    [...keysOf(incidents), process, now, isMailed],
  )
}

const SOMEBODY = '(cardinality(i.told_to) + cardinality($4::text[]) > 0)'
const TOLD = 'array(select distinct unnest(i.told_to || $4::text[]))'
/** Nobody else is to be told that it began: they could not be reached, or it is over since. */
const IS_TOLD = `(
  i.told_at is null and ${SOMEBODY} and ($5::timestamptz is null or i.closed_at is not null))`

// Who was told that it began is told that it is over, and nobody else.
const NOTE_UNTOLD = `
  update alert_incidents i set leased_by = null, leased_until = null,
    attempts = case when ${IS_TOLD} then 0 else i.attempts + $6 end,
    first_mailed_at = case when i.told_at is null and ${SOMEBODY} then coalesce(i.first_mailed_at, $7)
      else i.first_mailed_at end,
    over_mailed_at = case when i.told_at is not null and ${SOMEBODY} then coalesce(i.over_mailed_at, $7) end,
    told_at = case when ${IS_TOLD} then coalesce(i.first_mailed_at, $7) else i.told_at end,
    over_to = case when ${IS_TOLD} then ${TOLD} else i.over_to end,
    told_to = case when ${IS_TOLD} then '{}' else ${TOLD} end,
    due_at = case
      when ${IS_TOLD} then case when i.closed_how = 'recovered' then $7::timestamptz end
      when i.told_at is not null or i.closed_at is null then $5 end
  from unnest($1::uuid[], $2::uuid[]) as x (merchant_id, id)
  where i.merchant_id = x.merchant_id and i.id = x.id and i.leased_by = $3`

/**
 * The mail has reached `toldTo` alone, with so many more `tries`: the others are tried again at `dueAt`; null
 * gives them up.
 */
export async function noteUntold(
  deps: Deps,
  { incidents, process, now }: Claimed,
  { toldTo, dueAt, tries }: { toldTo: readonly string[]; dueAt: Date | null; tries: number },
): Promise<void> {
  await deps.db.query(NOTE_UNTOLD, [...keysOf(incidents), process, toldTo, dueAt, tries, now])
}

/** Whether alerts of a kind are wanted, and by whom. */
export function recipientsOf({ settings }: KeptSettings, kind: AlertKind): readonly string[] {
  return settings[SWITCHES[kind]] ? settings.alert_emails : []
}

type Switch = { [K in keyof MerchantSettings]: MerchantSettings[K] extends boolean ? K : never }
const SWITCHES = {
  failures: 'alert_failures',
  endpoint_disabled: 'alert_endpoint_disabled',
  contradiction: 'alert_contradiction',
  credentials: 'alert_credentials',
} as const satisfies Record<AlertKind, Switch[keyof MerchantSettings]>

function keysOf(incidents: readonly AlertIncident[]): [Uuid[], Uuid[]] {
  return [incidents.map(({ merchantId }) => merchantId), incidents.map(({ id }) => id)]
}
