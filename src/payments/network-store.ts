// The counts of `/v1/network` in the database: one small row a minute, environment and process.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { NetworkCounts } from './network-counts.ts'
import type { Environment } from './payment.ts'

type Deps = { db: Database }

/** What a process saw of one environment in one minute. */
export type NetworkMinute = { minute: Date; environment: Environment; counts: NetworkCounts }

/** Writes the rows of `process` as they are now; the same again changes nothing. */
export async function writeNetworkMinutes(
  deps: Deps,
  process: Uuid,
  minutes: readonly NetworkMinute[],
): Promise<void> {
  await deps.db.query(
    `insert into network_minutes (minute, environment, process, counts)
     select minute, environment, $1, counts
     from unnest($2::timestamptz[], $3::text[], $4::jsonb[]) as x (minute, environment, counts)
     on conflict (minute, environment, process) do update set counts = excluded.counts`,
    [
      process,
      minutes.map(({ minute }) => minute),
      minutes.map(({ environment }) => environment),
      minutes.map(({ counts }) => JSON.stringify(counts)),
    ],
  )
}

/** What all processes saw of `environments` since the minute `since`. */
export async function readNetworkMinutes(
  deps: Deps,
  environments: readonly Environment[],
  since: Date,
): Promise<NetworkMinute[]> {
  const found = await deps.db.query<{ minute: Date; environment: Environment; counts: NetworkCounts }>(
    'select minute, environment, counts from network_minutes where minute >= $1 and environment = any ($2)',
    [since, environments],
  )
  return found.rows
}

/** Deletes what is older than `before`. */
export async function trimNetworkMinutes(deps: Deps, before: Date): Promise<void> {
  await deps.db.query('delete from network_minutes where minute < $1', [before])
}
