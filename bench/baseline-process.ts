// The baseline that the gateway's accepts are held against: a bare node:http server that commits a payment in
// a grouped insert and answers 202. It checks nothing, knows nobody, and sends nothing.
import { createServer, type ServerResponse } from 'node:http'
import type pg from 'pg'
import { systemClock } from '../src/clock.ts'
import { createPool } from '../src/db/database.ts'
import { createUuidSource } from '../src/ids.ts'
import { type BaselinePayment, countBaselinePayments, insertBaselinePayments } from './baseline-store.ts'
import { serveCalls } from './child-process.ts'
import { listenLocally } from './listen-locally.ts'

/** As many rows a statement, and statements at a time, as the gateway's grouped writes. */
const ROWS_MAX = 250
const RUNS_MAX = 2

const newUuid = createUuidSource(systemClock)

type Waiting = { payment: BaselinePayment; response: ServerResponse }

function createGroupedInsert(pool: pg.Pool): (waiting: Waiting) => void {
  const merchantId = newUuid()
  let waiting: Waiting[] = []
  let running = 0
  const run = async () => {
    const group = waiting.slice(0, ROWS_MAX)
    waiting = waiting.slice(ROWS_MAX)
    running += 1
    try {
      await insertBaselinePayments(
        pool,
        merchantId,
        group.map(({ payment }) => payment),
      )
      for (const { payment, response } of group) answer(response, 202, { tracking_id: payment.id })
    } catch {
      for (const { response } of group) answer(response, 500, {})
    }
    running -= 1
    if (waiting.length > 0) void run()
  }
  return (each) => {
    waiting.push(each)
    if (waiting.length === 1 && running < RUNS_MAX) setImmediate(() => waiting.length > 0 && void run())
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  response.writeHead(status, headers).end(text)
}

async function startBaseline(databaseUrl: string) {
  const pool = createPool(databaseUrl)
  const insert = createGroupedInsert(pool)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { phone, amount, reference } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      insert({ payment: { id: newUuid(), phone, amountKes: amount, reference }, response })
    })
  })
  return { url: await listenLocally(server), count: () => countBaselinePayments(pool) }
}

let baseline: Awaited<ReturnType<typeof startBaseline>> | null = null

serveCalls({
  async start(places) {
    baseline = await startBaseline(readPlaces(places).databaseUrl)
    return baseline.url
  },
  count: () => baseline?.count() ?? 0,
})

/** From the run, which is of this folder. */
function readPlaces(value: unknown): { databaseUrl: string } {
  return value as { databaseUrl: string }
}
