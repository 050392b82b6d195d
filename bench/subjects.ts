// Those who are measured: the gateway, and the baselines in the same run, each spoken to in the same way.
import type pg from 'pg'
import type { BenchChild } from './child-process.ts'
import { startBenchChild } from './child-process.ts'
import type { GatewayProcess } from './gateway-process.ts'
import { type GatewayMetrics, mergeMetrics, readMetrics } from './metrics-text.ts'
import { type Bed, makeEmptyDatabase, makeMigratedDatabase } from './stage.ts'
import { hasOpenWork } from './totals-store.ts'

/** Something that takes payments. */
export type Subject = {
  name: string
  origins: string[]
  path: string
  /** Several: of merchants who pay by turns. */
  apiKey: string | readonly string[]
  pids: number[]
  /** Signs webhooks with it; null: nobody checks. */
  webhookSecret: string | null
  /** Before and after it is measured. */
  wake(): Promise<void>
  rest(): Promise<void>
  /** Whether anything is still under way. */
  isOpen(): Promise<boolean>
  /** What it says of itself; null for the baselines. */
  metrics(): Promise<GatewayMetrics | null>
}

const PATH = '/api/stk-push'
const nothing = () => Promise.resolve()

/** Gateways on one database as one subject. */
export function gatewaySubject(
  gateways: readonly GatewayProcess[],
  { db, apiKey, webhookSecret }: { db: pg.Pool; apiKey: string; webhookSecret: string },
): Subject {
  return {
    name: 'gateway',
    origins: gateways.map(({ url }) => url),
    path: PATH,
    apiKey,
    pids: gateways.map(({ pid }) => pid),
    webhookSecret,
    wake: nothing,
    rest: nothing,
    isOpen: () => hasOpenWork(db),
    async metrics() {
      return mergeMetrics(await Promise.all(gateways.map(({ metricsUrl }) => scrape(metricsUrl))))
    },
  }
}

/** The four exchanges and nothing else. */
export async function startFloor(stack: AsyncDisposableStack, bed: Bed): Promise<Subject> {
  const child = startBenchChild(stack, 'floor-process.ts')
  const url = String(await child.call('start', { darajaUrl: bed.darajaUrl, sinkUrl: bed.sinkUrl }))
  return { ...baseline('floor', child, url), isOpen: async () => (await child.call('open')) !== 0 }
}

/** What a good developer would write first. */
export async function startPlain(stack: AsyncDisposableStack, bed: Bed): Promise<Subject> {
  const child = startBenchChild(stack, 'plain-process.ts')
  const databaseUrl = await makeEmptyDatabase(bed.postgres.url, 'bench_plain')
  const places = { databaseUrl, darajaUrl: bed.darajaUrl, sinkUrl: bed.sinkUrl }
  const url = String(await child.call('start', places))
  return {
    ...baseline('plain', child, url),
    wake: async () => void (await child.call('rest', false)),
    rest: async () => void (await child.call('rest', true)),
    isOpen: async () => (await child.call('open')) !== 0,
  }
}

/** A bare server that does one grouped insert, and how many payments it has kept. */
export async function startBareInsert(
  stack: AsyncDisposableStack,
  bed: Bed,
): Promise<Subject & { count(): Promise<number> }> {
  const child = startBenchChild(stack, 'baseline-process.ts')
  const databaseUrl = await makeMigratedDatabase(bed.postgres.url, 'bench_baseline')
  const url = String(await child.call('start', { databaseUrl }))
  return { ...baseline('bare insert', child, url), count: async () => Number(await child.call('count')) }
}

function baseline(name: string, child: BenchChild, url: string): Subject {
  return {
    ...{ name, origins: [url], path: PATH, apiKey: '', pids: [child.pid], webhookSecret: null },
    ...{ wake: nothing, rest: nothing, isOpen: () => Promise.resolve(false) },
    metrics: () => Promise.resolve(null),
  }
}

async function scrape(url: string): Promise<GatewayMetrics> {
  const answer = await fetch(url)
  return readMetrics(await answer.text())
}
