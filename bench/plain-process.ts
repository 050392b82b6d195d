// The plain gateway: what a good developer would write first. Fastify, pg, one statement a step, a table of
// jobs that workers poll with SKIP LOCKED, one signed webhook a job. Durable, and with no other promise.
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { request } from 'undici'
import { serveCalls } from './child-process.ts'
import { createDarajaCaller, type DarajaCaller } from './daraja-caller.ts'
import {
  countPlainOpen,
  endJob,
  insertPlainPayment,
  makePlainTables,
  type PlainJob,
  setCheckout,
  settlePlainPayment,
  takeJob,
} from './plain-store.ts'

const WORKERS = 10
const CONNECTIONS_MAX = 20
/** How often an idle worker looks: often enough that nobody waits for long, seldom enough to cost little. */
const POLL_MS = 100
const SECRET = 'plain'

type Places = { databaseUrl: string; darajaUrl: string; sinkUrl: string }
type Plain = { pool: pg.Pool; daraja: DarajaCaller; sinkUrl: string; url: string; isResting: boolean }

type Wish = { phone: string; amount: number; reference: string }
type Callback = {
  Body: { stkCallback: { CallbackMetadata?: { Item: { Name: string; Value?: unknown }[] } } }
}

const WISH_SCHEMA = {
  type: 'object',
  required: ['phone', 'amount', 'reference'],
  properties: {
    phone: { type: 'string', pattern: '^254[17][0-9]{8}$' },
    amount: { type: 'integer', minimum: 1, maximum: 250_000 },
    reference: { type: 'string', minLength: 1, maxLength: 12 },
  },
}

function addRoutes(app: FastifyInstance, plain: Plain): void {
  app.post<{ Body: Wish }>('/api/stk-push', { schema: { body: WISH_SCHEMA } }, async (req, reply) => {
    const { phone, amount, reference } = req.body
    const id = randomUUID()
    await insertPlainPayment(plain.pool, { id, phone, amountKes: amount, reference })
    void push(plain, id, req.body).catch((error: unknown) => req.log.error(error))
    return reply.code(202).send({ success: true, tracking_id: id })
  })
  app.post<{ Params: { id: string }; Body: Callback }>('/hooks/:id', async (req) => {
    const items = req.body.Body.stkCallback.CallbackMetadata?.Item ?? []
    const receipt = items.find((item) => item.Name === 'MpesaReceiptNumber')?.Value
    if (receipt !== undefined) await settlePlainPayment(plain.pool, req.params.id, String(receipt))
    return { ResultCode: 0, ResultDesc: 'Accepted' }
  })
}

async function push(plain: Plain, id: string, { phone, amount, reference }: Wish): Promise<void> {
  const callbackUrl = `${plain.url}/hooks/${id}`
  const checkoutRequestId = await plain.daraja.push({ phone, amountKes: amount, reference, callbackUrl })
  await setCheckout(plain.pool, id, checkoutRequestId)
}

async function work(plain: Plain): Promise<never> {
  for (;;) {
    const job = plain.isResting ? null : await takeJob(plain.pool).catch(() => null)
    if (job === null) await sleep(POLL_MS)
    else if (await tell(plain, job)) await endJob(plain.pool, job.id)
  }
}

async function tell(plain: Plain, job: PlainJob): Promise<boolean> {
  const data = { id: job.payment_id, phone: job.phone, amount: job.amount, receipt: job.receipt }
  const body = JSON.stringify({ type: 'payment.succeeded', data })
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-signature': signature }
  const told = await request(plain.sinkUrl, { method: 'POST', headers, body }).catch(() => null)
  await told?.body.dump()
  return told !== null && told.statusCode >= 200 && told.statusCode < 300
}

async function startPlain(places: Places): Promise<Plain> {
  const pool = new pg.Pool({ connectionString: places.databaseUrl, max: CONNECTIONS_MAX })
  await makePlainTables(pool)
  const daraja = await createDarajaCaller(places.darajaUrl)
  const plain: Plain = { pool, daraja, sinkUrl: places.sinkUrl, url: '', isResting: true }
  const app = Fastify({ logger: false })
  addRoutes(app, plain)
  plain.url = await app.listen({ host: '127.0.0.1', port: 0 })
  for (let worker = 0; worker < WORKERS; worker += 1) void work(plain)
  return plain
}

let plain: Plain | null = null

serveCalls({
  async start(places) {
    plain = await startPlain(readPlaces(places))
    return plain.url
  },
  /** While others are measured nothing is polled, which would cost them processor time of PostgreSQL. */
  rest(isResting) {
    if (plain !== null) plain.isResting = isResting === true
  },
  open: () => (plain === null ? 0 : countPlainOpen(plain.pool)),
})

/** From the run, which is of this folder. */
function readPlaces(value: unknown): Places {
  return value as Places
}
