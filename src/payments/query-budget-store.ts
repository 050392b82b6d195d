// The allowances of questions in the database, one row a Daraja app, which all processes share: taken in one
// statement for a whole sweep. The arithmetic is that of `query-allowance.ts`; the clock is the caller's.
import type { Database } from '../db/database.ts'
import { ALLOWANCE, type Allowance, newAllowance, type PermitWish } from './query-allowance.ts'

/** What was granted, and the allowance that is left. */
export type Grant = { granted: number; allowance: Allowance }

/** The shared allowances, by the id of the Daraja app (`DarajaCredential.id`). */
export type QueryBudgetStore = {
  /** Takes permits for several apps; an app that is not known yet starts afresh. */
  take(nowMs: number, wishes: ReadonlyMap<string, PermitWish>): Promise<Map<string, Grant>>
  /** Gives back permits that were not used. */
  giveBack(credentialId: string, count: number): Promise<void>
  /** Daraja objected to a question. */
  refuse(nowMs: number, credentialId: string, retryAfterMs: number | null): Promise<void>
}

/** The store on table `query_budgets`. */
export function createQueryBudgetStore(deps: { db: Database }): QueryBudgetStore {
  return {
    async take(nowMs, wishes) {
      const grants = await take(deps, nowMs, wishes)
      const unknown = new Map([...wishes].filter(([credentialId]) => !grants.has(credentialId)))
      if (unknown.size === 0) return grants
      await begin(deps, nowMs, [...unknown.keys()])
      for (const [credentialId, grant] of await take(deps, nowMs, unknown)) grants.set(credentialId, grant)
      return grants
    },
    giveBack: (credentialId, count) => giveBack(deps, credentialId, count),
    refuse: (nowMs, credentialId, retryAfterMs) => refuse(deps, { nowMs, credentialId, retryAfterMs }),
  }
}

const { epsilon, burstMs, skewMaxMs, closedMaxMs, growth, carefulStep } = ALLOWANCE
const BURST = `greatest(1, per_minute * ${burstMs / 60_000}::float8)`
const IS_AHEAD = `refilled_at > $1::timestamptz + interval '${skewMaxMs} milliseconds'`
const IS_CLOSED = `coalesce(closed_until > $1::timestamptz
  and closed_until <= $1::timestamptz + interval '${closedMaxMs} milliseconds', false)`

// Rows are locked in the order of their names, so that two processes never wait for each other in a circle.
const TAKE = `
  with wish as (
    select * from unnest($2::text[], $3::integer[], $4::integer[], $5::float8[])
      as w (credential_id, wanted, answered, per_minute_max)
  ), held as (
    select b.*, w.wanted, w.answered, w.per_minute_max
    from query_budgets b join wish w on w.credential_id = b.credential_id
    order by b.credential_id for update of b
  ), earned as (
    select credential_id, wanted,
      least(per_minute_max, case
        when per_minute < careful_from
          then least(per_minute * power(${growth}::float8, answered), careful_from)
        else per_minute + ${carefulStep}::float8 * answered
      end) as grown,
      least(${BURST}, permits + case when ${IS_AHEAD} then 0
        else greatest(0, extract(epoch from $1::timestamptz - refilled_at)::float8) * per_minute / 60
        end) as permits,
      case when ${IS_AHEAD} then $1::timestamptz else greatest(refilled_at, $1) end as refilled_at,
      ${IS_CLOSED} as closed
    from held
  ), granted as (
    select *, case when closed then 0
      else least(wanted, floor(permits + ${epsilon}::float8)::integer) end as granted
    from earned
  )
  update query_budgets b set
    per_minute = g.grown, permits = greatest(0, g.permits - g.granted), refilled_at = g.refilled_at
  from granted g where b.credential_id = g.credential_id
  returning b.*, g.granted`

type BudgetRow = {
  credential_id: string
  per_minute: number
  careful_from: number
  permits: number
  refilled_at: Date
  closed_until: Date | null
  granted: number
}

async function take(
  deps: { db: Database },
  nowMs: number,
  wishes: ReadonlyMap<string, PermitWish>,
): Promise<Map<string, Grant>> {
  const each = [...wishes.values()]
  const found = await deps.db.query<BudgetRow>({
    name: 'query_budget_take',
    text: TAKE,
    values: [
      new Date(nowMs),
      [...wishes.keys()],
      each.map(({ wanted }) => wanted),
      each.map(({ answered }) => answered),
      each.map(({ perMinuteMax }) => perMinuteMax),
    ],
  })
  return new Map(
    found.rows.map((row) => [row.credential_id, { granted: row.granted, allowance: readAllowance(row) }]),
  )
}

function readAllowance(row: BudgetRow): Allowance {
  return {
    perMinute: row.per_minute,
    carefulFrom: row.careful_from,
    permits: row.permits,
    refilledAtMs: row.refilled_at.getTime(),
    closedUntilMs: row.closed_until?.getTime() ?? null,
  }
}

async function begin(deps: { db: Database }, nowMs: number, credentialIds: string[]): Promise<void> {
  const fresh = newAllowance(nowMs)
  await deps.db.query(
    `insert into query_budgets (credential_id, per_minute, careful_from, permits, refilled_at)
     select credential_id, $2, $3, $4, $5 from unnest($1::text[]) as x (credential_id)
     order by credential_id
     on conflict (credential_id) do nothing`,
    [credentialIds, fresh.perMinute, fresh.carefulFrom, fresh.permits, new Date(fresh.refilledAtMs)],
  )
}

async function giveBack(deps: { db: Database }, credentialId: string, count: number): Promise<void> {
  await deps.db.query(
    `update query_budgets set permits = least(${BURST}, permits + $2) where credential_id = $1`,
    [credentialId, count],
  )
}

const REFUSE = `
  with held as (
    select credential_id, ${IS_CLOSED} as closed, per_minute as rate,
      case when ${IS_CLOSED} then per_minute
        else greatest($4::float8, per_minute * $5::float8) end as per_minute
    from query_budgets where credential_id = $2 for update
  ), pause as (
    select *, $1::timestamptz + interval '1 millisecond'
      * ceil(least(coalesce($3::float8, 60000 / per_minute), ${closedMaxMs})) as until
    from held
  )
  update query_budgets b set
    per_minute = p.per_minute,
    careful_from = case when p.closed then b.careful_from else greatest($4::float8, p.rate * $6::float8) end,
    permits = 1,
    refilled_at = case when p.closed then greatest(b.closed_until, p.until) else p.until end,
    closed_until = case when p.closed then greatest(b.closed_until, p.until) else p.until end
  from pause p where b.credential_id = p.credential_id`

async function refuse(
  deps: { db: Database },
  refusal: { nowMs: number; credentialId: string; retryAfterMs: number | null },
): Promise<void> {
  await deps.db.query(REFUSE, [
    new Date(refusal.nowMs),
    refusal.credentialId,
    refusal.retryAfterMs,
    ALLOWANCE.perMinuteMin,
    ALLOWANCE.decrease,
    ALLOWANCE.carefulShare,
  ])
}

/** Apps that were not asked with for this long have other keys by now, or no payments. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 3_600_000

/** Deletes the allowances of apps that are no longer used; called now and then. Resolves to how many. */
export async function trimQueryBudgets(deps: { db: Database; clock: { now(): number } }): Promise<number> {
  const found = await deps.db.query(
    'delete from query_budgets where refilled_at < $1 returning credential_id',
    [new Date(deps.clock.now() - FORGOTTEN_AFTER_MS)],
  )
  return found.rows.length
}
