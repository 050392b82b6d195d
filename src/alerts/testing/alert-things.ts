// What happens to a merchant that wants to be told, made in the database as it comes about.
import assert from 'node:assert/strict'
import type { Uuid } from '../../ids.ts'
import { createSealer } from '../../merchants/sealed.ts'
import { disableEndpoint } from '../../webhooks/endpoint-health-store.ts'
import { createEndpoint, type EndpointDeps, updateEndpoint } from '../../webhooks/endpoints.ts'
import type { AlertBench } from './alert-bench.ts'

const URL = 'https://shop.example/hook'

/** What the endpoints and shortcodes of a bench's merchants are managed with. */
export function endpointDeps(bench: AlertBench): EndpointDeps & { sealer: ReturnType<typeof createSealer> } {
  return {
    ...{ db: bench.db.pool, clock: bench.clock, newUuid: bench.newUuid, privateReach: 'all' },
    ...{ sealer: createSealer([Buffer.alloc(32, 1)]), directory: { forget: () => undefined } },
  }
}

/** So many payments of now, ended with `code`; null: still without a verdict. The id of the first. */
export async function addPayments(
  bench: AlertBench,
  merchantId: Uuid,
  { count, code, live = true }: { count: number; code: string | null; live?: boolean },
): Promise<Uuid> {
  const [state, outcome] =
    code === null ? ['uncertain', null] : code === '0' ? ['succeeded', 'paid'] : ['failed', 'declined']
  const ids = Array.from({ length: count }, () => bench.newUuid())
  const now = new Date(bench.clock.now())
  await bench.db.pool.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, outcome, amount, phone,
       reference, expires_at, created_at, updated_at, settled_at, result_code)
     select $1, id, $1, 'production', $6, $3, $4, 7, '254712345678', 'INV-7', $2, $2, $2,
       case when $4::text is not null then $2::timestamptz end, $5
     from unnest($7::uuid[]) as id`,
    [merchantId, now, state, outcome, code, live, ids],
  )
  return ids[0] ?? assert.fail()
}

/** A live endpoint at `url`. */
export async function addAlertEndpoint(bench: AlertBench, merchantId: Uuid, url = URL): Promise<Uuid> {
  const wish = { url, format: 'event', eventTypes: null, description: null }
  const made = await createEndpoint(endpointDeps(bench), { merchantId, live: true }, wish)
  assert.ok(made.ok)
  return made.endpoint.id
}

/** The endpoint answers 410. */
export function switchOffGone(bench: AlertBench, merchantId: Uuid, id: Uuid, url = URL): Promise<boolean> {
  const at = new Date(bench.clock.now())
  const how = { eventId: bench.newUuid(), at, reason: 'gone', failingSinceAtMost: null } as const
  return disableEndpoint({ db: bench.db.pool }, { merchantId, id, url }, how)
}

/** Somebody switches the endpoint on. */
export async function switchOn(bench: AlertBench, merchantId: Uuid, id: Uuid): Promise<void> {
  assert.ok((await updateEndpoint(endpointDeps(bench), { merchantId, live: true }, id, { enabled: true })).ok)
}
