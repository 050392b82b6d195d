// A database with a history: its merchants, and payments of the year before now, as many as are asked for and
// as the disk has room for. It is made with settings that spare the disk, and measured with the product's.
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { silentLogger } from '../src/log.ts'
import {
  dropIndexes,
  fillHistory,
  fillPages,
  keepTemplates,
  makeIndexes,
  openHistoryPool,
  readHistoryBytes,
  readMerchants,
  redirectEndpoints,
} from './history-store.ts'
import { makeTemplates } from './history-templates.ts'
import { listenLocally } from './listen-locally.ts'
import { withOwnStack } from './own-stack.ts'
import { makeShops, type Shop } from './shops.ts'
import { makeMigratedDatabase } from './stage.ts'

/** The database so far. */
export type History = {
  dir: string
  secret: Buffer
  /** The first has most of the payments. */
  shops: Shop[]
  payments: number
  /** With its indexes; null before there is any. */
  bytesEach: number | null
  /** Time that it took to make so many, indexes included. */
  madeInMs: number
}

/** How large it is to become, and of what whole this is a part. */
export type Growth = { to: number; all: number; say(text: string): void }

const DATABASE = 'bench_history'
/** While rows are made, and only then. */
const BULK_SETTINGS = {
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '6GB',
  checkpoint_timeout: '1h',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  max_parallel_maintenance_workers: '0',
}
const SHOPS = 300
/** So many tell how much room one takes. */
const SAMPLE = 100_000
/** Of the free space; the log, sorting and whoever else needs the disk have the rest. */
const USABLE_SHARE = 0.8

/** Starts the server in the history's folder, with these settings beside the product's. */
export async function startHistoryServer(
  stack: AsyncDisposableStack,
  dir: string,
  settings: Record<string, string> = {},
): Promise<{ postgres: EmbeddedPostgres; url: string }> {
  const options = { dataDir: join(dir, 'postgres'), systemHome: join(dir, 'system'), settings }
  const postgres = await startEmbeddedPostgres({ log: silentLogger }, options)
  if (stack.disposed) await postgres.stop()
  stack.use(postgres)
  const url = new URL(postgres.url)
  url.pathname = `/${DATABASE}`
  return { postgres, url: url.href }
}

/** Makes the database with its merchants and the payments to copy from. Webhooks then go to `sinkUrl`. */
export function beginHistory(
  run: AsyncDisposableStack,
  place: { dir: string; secret: Buffer; sinkUrl: string },
): Promise<History> {
  return withOwnStack(run, (stack) => begin(stack, place))
}

async function begin(
  stack: AsyncDisposableStack,
  { dir, secret, sinkUrl }: { dir: string; secret: Buffer; sinkUrl: string },
): Promise<History> {
  const { postgres, url } = await startHistoryServer(stack, dir)
  await makeMigratedDatabase(postgres.url, DATABASE)
  const db = openHistoryPool(stack, url)
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-length': 0 }).end())
  })
  stack.defer(() => void receiver.close())
  const receiverUrl = await listenLocally(receiver)
  const shops = await makeShops(db, secret, { count: SHOPS, sinkUrls: [receiverUrl] })
  const [first] = shops
  if (first === undefined) throw new Error('no merchant was made')
  await makeTemplates(stack, db, { databaseUrl: url, secret, apiKey: first.apiKey, dir })
  const ids = shops.map(({ merchantId }) => merchantId)
  await keepTemplates(db, await readMerchants(db, ids))
  await redirectEndpoints(db, sinkUrl)
  return { dir, secret, shops, payments: 0, bytesEach: null, madeInMs: 0 }
}

/** Grows `history`, unless there is no room: then the answer says so, and it stays as it is. */
export async function growHistory(
  run: AsyncDisposableStack,
  history: History,
  growth: Growth,
): Promise<string | null> {
  if (growth.to <= history.payments) return null
  if (history.bytesEach === null) await grow(run, history, { ...growth, to: Math.min(SAMPLE, growth.to) })
  const { bytesEach } = history
  if (bytesEach === null || growth.to <= history.payments) return null
  const wantedBytes = (growth.to - history.payments) * bytesEach
  const { bavail, bsize } = await statfs(history.dir)
  if (wantedBytes > USABLE_SHARE * bavail * bsize) {
    const [wanted, free] = [wantedBytes, bavail * bsize].map((bytes) => Math.round(bytes / 1e9))
    return `${growth.to} payments would take ${wanted} GB more, and ${free} GB are free.`
  }
  await grow(run, history, growth)
  return null
}

async function grow(run: AsyncDisposableStack, history: History, { to, all, say }: Growth): Promise<void> {
  const startedAt = performance.now()
  await withOwnStack(run, async (stack) => {
    const { url } = await startHistoryServer(stack, history.dir, BULK_SETTINGS)
    const db = openHistoryPool(stack, url)
    await growTables(db, { from: history.payments, to, all, say })
    history.payments = to
    history.bytesEach = (await readHistoryBytes(db)) / to
  })
  history.madeInMs += performance.now() - startedAt
}

async function growTables(
  db: pg.Pool,
  { from, to, all, say }: { from: number; to: number; all: number; say(text: string): void },
): Promise<void> {
  const indexes = await dropIndexes(db)
  const leaveRoom = await fillPages(db)
  await fillHistory(db, { from, to, all, end: new Date() }, (made) => say(`${made} payments made`))
  await leaveRoom()
  say(`making ${indexes.length} indexes`)
  await makeIndexes(db, indexes)
}
