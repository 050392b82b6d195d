// Replays: what an endpoint has missed since a time, or since it was switched off, is made due again.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { parseUuid, type Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { findEndpoint } from './endpoint-store.ts'
import { findEventWriters, moveMissed, replayMissed } from './replay-store.ts'

type Deps = { clock: Clock; db: Database; wake?: () => void }

/** Events a statement looks at: some tens of milliseconds' work. */
const LOOK_BATCH = 2_500
/** Events that one replay looks at in all; mostly they were delivered, and the look finds nothing to do. */
const LOOK_MAX = 100_000
/** Deliveries one replay makes due at the most; who has missed more goes on from `nextSince`. */
export const REPLAY_MAX = 10_000

/** What a replay came to: `count` deliveries are due; not null: there may be more from then on. */
export type Replay = { since: Date; count: number; nextSince: Date | null }

/** Why there was no replay. */
export type ReplayProblem = { ok: false; code: 'not_found' | 'endpoint_disabled' }

/** Makes due all that an endpoint has missed since `since`, the oldest first. */
export async function replayEndpoint(
  deps: Deps,
  owner: Owner,
  endpointId: Uuid,
  since: Date,
): Promise<{ ok: true; replay: Replay } | ReplayProblem> {
  const endpoint = await findEndpoint(deps, owner, endpointId)
  if (endpoint === null) return { ok: false, code: 'not_found' }
  if (endpoint.disabledAt !== null) return { ok: false, code: 'endpoint_disabled' }
  return { ok: true, replay: (await replaySince(deps, endpoint, since)).replay }
}

/** Makes due what an endpoint has missed by being off; null when there is nothing of that kind. */
export async function replayGap(
  deps: Deps,
  endpoint: WebhookEndpoint,
): Promise<{ endpoint: WebhookEndpoint; replay: Replay | null }> {
  if (endpoint.missedSince === null || endpoint.disabledAt !== null) return { endpoint, replay: null }
  const { replay, missedSince } = await replaySince(deps, endpoint, endpoint.missedSince)
  return { endpoint: { ...endpoint, missedSince }, replay }
}

const TIME_DIGITS = 12

/** The least UUIDv7 of a time; to find rows by when they were made takes no other index. */
function leastUuidOf(at: Date): Uuid | null {
  const digits = at.getTime().toString(16).padStart(TIME_DIGITS, '0')
  return parseUuid(`${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`)
}

function timeOfUuid(id: Uuid): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, TIME_DIGITS), 16))
}

/** A verdict is written within milliseconds. */
const WRITERS_POLL_MS = 20
/** About 2 s in all: somebody waits for the answer. */
const WRITERS_POLLS_MAX = 100

/**
 * Waits for what is being written: a verdict that saw the endpoint switched off makes no delivery, and no
 * look finds it yet. False when it still is.
 */
async function eventsAreWritten(deps: Deps): Promise<boolean> {
  let writers = await findEventWriters(deps)
  for (let polls = 0; writers.size > 0 && polls < WRITERS_POLLS_MAX; polls++) {
    await sleep(WRITERS_POLL_MS)
    writers = writers.intersection(await findEventWriters(deps))
  }
  return writers.size === 0
}

/** What was replayed, and since when something may be missing still. */
type Replayed = { replay: Replay; missedSince: Date | null }

async function replaySince(deps: Deps, endpoint: WebhookEndpoint, since: Date): Promise<Replayed> {
  const { missedSince } = endpoint
  const isOfGap = missedSince !== null && since <= missedSince
  const isWhole = !isOfGap || (await eventsAreWritten(deps))
  const now = new Date(deps.clock.now())
  let [count, looked]: [number, number] = [0, 0]
  // Null: a time beyond all ids.
  let after = leastUuidOf(since)
  while (after !== null && count + LOOK_BATCH <= REPLAY_MAX && looked < LOOK_MAX) {
    const step = await replayMissed(deps, endpoint, { after, now, limit: LOOK_BATCH })
    count += step.count
    looked += LOOK_BATCH
    after = step.last
  }
  deps.wake?.()
  const nextSince = after !== null ? timeOfUuid(after) : isWhole ? null : since
  const replay = { since, count, nextSince }
  if (!isOfGap || !isWhole || (nextSince !== null && nextSince <= missedSince)) return { replay, missedSince }
  // Whoever goes on from there goes on with the gap, and ends it.
  await moveMissed(deps, endpoint, { from: missedSince, to: nextSince })
  return { replay, missedSince: nextSince }
}
