// A gateway on a history of one size beside one on an empty database of the same server: what a payment costs
// on each by turns, and how long reads and searches in the history take, alone and while payments are made.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { beginArrivals } from './arrive.ts'
import { startGatewayProcess } from './gateway-process.ts'
import { type History, startHistoryServer } from './history.ts'
import { type Phase, runPhase } from './phase.ts'
import { makeReadKeys } from './read-keys.ts'
import { READ_KINDS, type Reader } from './read-kinds.ts'
import { type ReadTimes, runReads } from './read-round.ts'
import { drawSamples, type ReadSample } from './read-samples-store.ts'
import { makeShops, type Shop } from './shops.ts'
import { type Bed, makeMigratedDatabase, openPool, type Stage } from './stage.ts'
import { type Measured, runSubjectRounds } from './subject-rounds.ts'
import { gatewaySubject, type Subject } from './subjects.ts'
import { hasOpenWork } from './totals-store.ts'

/** How the measuring is done, the same at every size. */
export type GrowthShape = {
  rounds: number
  seconds: number
  connections: number
  /** Reads of each kind. */
  reads: number
}

/** What one size came to. */
export type GrowthPart = {
  payments: number
  measured: Measured<Phase>
  reads: ReadTimes[]
  readsUnderLoad: ReadTimes[]
  /** From the start of the gateway's process until it was ready. */
  readyMs: number
  /** Payments made while measuring. */
  made: number
}

/** The subjects, by the names that they have in tables. */
export const ON = { empty: 'empty', history: 'with history' } as const

const COUNT_MAX = 100_000
const SAMPLES = 400
/** While reads are timed; far from what the machine can do. */
const LOAD_PER_SECOND = 100
const LOAD_CONNECTIONS = 16
/** Reads beside payments wait for their turn on the processor. */
const LOAD_SLACK = 2
const LOAD_SECONDS_MIN = 5

/** Keys that read the history, made once. */
export type Keys = { value: Record<Reader, string> | null }

/** Measures `history` as it is; everything that it starts ends with `stack`. */
export async function measureGrowth(
  stack: AsyncDisposableStack,
  bed: Omit<Bed, 'postgres'>,
  history: History,
  { shape, keys, say }: { shape: GrowthShape; keys: Keys; say(text: string): void },
): Promise<GrowthPart> {
  const { postgres, url } = await startHistoryServer(stack, history.dir)
  const place = { ...bed, postgres, dir: history.dir, secret: history.secret }
  const emptyUrl = await makeMigratedDatabase(postgres.url, `bench_empty_${nameOf(history.payments)}`)
  const emptyDb = openPool(stack, emptyUrl)
  const [emptyShop] = await makeShops(emptyDb, history.secret, { count: 1, sinkUrls: [bed.sinkUrl] })
  const [large, small] = history.shops
  if (emptyShop === undefined || large === undefined || small === undefined) throw new Error('no merchant')
  const db = openPool(stack, url)
  keys.value ??= await makeReadKeys(db, history.secret, { large, small })
  const full = await startSubject(stack, place, { name: ON.history, url, db, shop: large })
  const empty = await startSubject(stack, place, {
    name: ON.empty,
    url: emptyUrl,
    db: emptyDb,
    shop: emptyShop,
  })
  const { rounds, seconds, connections } = shape
  let made = 0
  const plan = { rounds, connections: [connections], subjects: [empty, full], say }
  const measured = await runSubjectRounds(plan, async ({ stage, subject }, width) => {
    const phase = await runPhase(stage, subject, {
      kind: 'pay',
      connections: width,
      seconds,
      countMax: COUNT_MAX,
    })
    made += phase.count
    return phase
  })
  say('reading and searching')
  const samples = await drawSamples(db, large.merchantId, SAMPLES)
  const reads = await measureReads(full, { keys: keys.value, samples, countEach: shape.reads })
  const readyMs = full.stage.gateways[0]?.readyMs ?? 0
  return { ...reads, payments: history.payments, measured, readyMs, made: made + reads.made }
}

type Placed = { name: string; stage: Stage; subject: Subject }

async function startSubject(
  stack: AsyncDisposableStack,
  place: Bed & { dir: string; secret: Buffer },
  { name, url, db, shop }: { name: string; url: string; db: pg.Pool; shop: Shop },
): Promise<Placed> {
  const settings = {
    DATABASE_URL: url,
    SUKUMA_SECRET: place.secret.toString('base64'),
    SUKUMA_DATA_DIR: join(place.dir, `gateway-${randomBytes(4).toString('hex')}`),
    SIMULATOR_PORT: 'off',
    DARAJA_SANDBOX_URL: place.darajaUrl,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  }
  const options = { logFile: join(place.dir, 'gateway.log') }
  const startGateway = (own: Record<string, string>) =>
    startGatewayProcess(stack, { ...settings, ...own }, options)
  const gateways = [await startGateway({})]
  const { apiKey } = shop
  const webhookSecret = shop.webhookSecrets[0] ?? ''
  const stage = { ...place, gateways, apiKey, apiKeys: [apiKey], webhookSecret, db, startGateway }
  // The bench's own look for open rows reads whole tables where there are none.
  const subject = { ...gatewaySubject(gateways, stage), name, isOpen: () => hasOpenWork(db) }
  return { name, stage, subject }
}

/** First alone, and then while payments arrive. */
async function measureReads(
  { stage, subject }: Placed,
  wish: { keys: Record<Reader, string>; samples: readonly ReadSample[]; countEach: number },
): Promise<{ reads: ReadTimes[]; readsUnderLoad: ReadTimes[]; made: number }> {
  const [origin = ''] = subject.origins
  const startedAt = performance.now()
  const reads = await runReads(READ_KINDS, { ...wish, origin })
  const tookSeconds = (performance.now() - startedAt) / 1_000
  const seconds = Math.ceil(LOAD_SLACK * tookSeconds) + LOAD_SECONDS_MIN
  const shape = { perSecond: LOAD_PER_SECOND, seconds, connections: LOAD_CONNECTIONS }
  const arrivals = await beginArrivals(stage, subject, shape)
  const readsUnderLoad = await runReads(READ_KINDS, { ...wish, origin })
  const { counts } = await arrivals.finish()
  return { reads, readsUnderLoad, made: counts.answered }
}

/** A database's name holds letters alone. */
function nameOf(count: number): string {
  return String(count).replaceAll(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)))
}
