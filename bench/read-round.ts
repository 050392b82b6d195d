// Reads and searches, one after the other on one connection, each kind timed apart.
import { Client } from 'undici'
import { createDurations } from './durations.ts'
import type { Reader, ReadKind, ReadRequest } from './read-kinds.ts'
import type { ReadSample } from './read-samples-store.ts'

/** How long one kind of read took, in milliseconds; `count` of them were made. */
export type ReadTimes = { name: string; count: number; p50Ms: number; p99Ms: number; maxMs: number }

/** Who asks whom about what. */
export type ReadWish = {
  origin: string
  keys: Record<Reader, string>
  samples: readonly ReadSample[]
  /** Of each kind. */
  countEach: number
}

const ANSWER_LIMIT_MS = 60_000
const OK = 200
/** The first of a kind have their plans and pages still to be found. */
const WARM_UP = 5
/** A kind that is as slow as this is not asked more often to be believed. */
const KIND_LIMIT_MS = 20_000

/** Makes `countEach` reads of every kind. */
export async function runReads(kinds: readonly ReadKind[], wish: ReadWish): Promise<ReadTimes[]> {
  const timeouts = { headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS }
  const client = new Client(wish.origin, timeouts)
  try {
    const times: ReadTimes[] = []
    for (const kind of kinds) times.push(await runKind(client, kind, wish))
    return times
  } finally {
    await client.destroy()
  }
}

async function runKind(client: Client, kind: ReadKind, wish: ReadWish): Promise<ReadTimes> {
  const requests = wish.samples.flatMap((sample) => kind.of(sample) ?? [])
  const durations = createDurations()
  const endAt = performance.now() + KIND_LIMIT_MS
  for (let number = -WARM_UP; number < wish.countEach && requests.length > 0; number += 1) {
    const request = requests[(number + WARM_UP) % requests.length]
    if (request === undefined || performance.now() > endAt) break
    const startedAt = performance.now()
    await read(client, request, wish.keys[kind.reader])
    if (number >= 0) durations.add(performance.now() - startedAt)
  }
  const { count, p50Ms, p99Ms, maxMs } = durations.summary()
  return { name: kind.name, count, p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0, maxMs: maxMs ?? 0 }
}

async function read(client: Client, { path, body }: ReadRequest, apiKey: string): Promise<void> {
  const headers = { 'x-api-key': apiKey, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await client.request({ path, method, headers, body: body ?? null })
  const text = await answer.body.text()
  if (answer.statusCode !== OK) throw new Error(`${path} answered ${answer.statusCode}: ${text}`)
}
