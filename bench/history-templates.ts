// The real payments that a history is copied from: made through a gateway, with Sukuma's own simulator as
// M-Pesa, so that they end in all the ways in which payments end.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { systemClock } from '../src/clock.ts'
import { silentLogger } from '../src/log.ts'
import type { Faults } from '../src/simulator/faults.ts'
import { startSimulator } from '../src/simulator/simulator.ts'
import { startGatewayProcess } from './gateway-process.ts'
import { withOwnStack } from './own-stack.ts'
import { phoneOf } from './phone-numbers.ts'
import { hasOpenWork } from './totals-store.ts'

/** Payments of one kind: what the simulator is told before, and what is asked for. */
type Lot = { count: number; faults: Partial<Faults>; body?: Record<string, unknown> }

/** Customers decline in four ways, and are drawn one of them. */
const LOTS: Lot[] = [
  { count: 160, faults: {} },
  { count: 20, faults: { callbackCopies: 2 } },
  { count: 80, faults: { declined: 1 } },
  // An amount that Daraja takes for a mistake, by the phone that stands for it.
  { count: 8, faults: {}, body: { phone: '254700070002' } },
  // Daraja takes none, and five seconds later it is too late.
  { count: 12, faults: { spikeArrest: 1 }, body: { expires_in: 5 } },
]

/** Beyond the phones to which the simulator gives a behaviour. */
const PHONES_FROM = 10_000_000
/** Nobody waits for these customers. */
const SPEED = 200
const SETTLE_LIMIT_MS = 60_000
const POLL_MS = 50

/** Makes some hundred payments on a migrated database; resolves once all are settled and told. */
export function makeTemplates(run: AsyncDisposableStack, db: pg.Pool, place: TemplatePlace): Promise<void> {
  return withOwnStack(run, (parts) => make(parts, db, place))
}

/** Where: a migrated database with a merchant, and a folder for the gateway. */
export type TemplatePlace = { databaseUrl: string; secret: Buffer; apiKey: string; dir: string }

async function make(parts: AsyncDisposableStack, db: pg.Pool, place: TemplatePlace): Promise<void> {
  const simulator = await startSimulator(
    { clock: systemClock, log: silentLogger },
    { host: '127.0.0.1', port: 0, speed: SPEED },
  )
  parts.defer(() => simulator.close())
  const settings = {
    DATABASE_URL: place.databaseUrl,
    SUKUMA_SECRET: place.secret.toString('base64'),
    SUKUMA_DATA_DIR: join(place.dir, 'templates'),
    SIMULATOR_PORT: 'off',
    DARAJA_SANDBOX_URL: simulator.url,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  }
  const logFile = join(place.dir, 'templates.log')
  const gateway = await startGatewayProcess(parts, settings, { logFile })
  let phones = 0
  for (const { count, faults, body } of LOTS) {
    simulator.setFaults({ callbackDelayMs: 0, ...faults })
    for (let number = 0; number < count; number += 1) {
      phones += 1
      await post(gateway.url, place.apiKey, {
        ...{
          phone: phoneOf(PHONES_FROM + phones),
          amount: 1 + ((phones * 37) % 5_000),
          reference: `T${phones}`,
        },
        ...(phones % 2 === 0 && { tag: 'branch', metadata: { order: String(phones) } }),
        ...body,
      })
    }
    await untilDone(db)
  }
}

/** Half of them with an idempotency key, as shops do it. */
async function post(url: string, apiKey: string, body: Record<string, unknown>): Promise<void> {
  const reference = String(body.reference)
  const headers = {
    ...{ 'content-type': 'application/json', 'x-api-key': apiKey },
    ...(reference.endsWith('1') && { 'idempotency-key': reference }),
  }
  const answer = await fetch(`${url}/v1/payments`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`a template was answered ${answer.status}: ${text}`)
}

async function untilDone(db: pg.Pool): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_LIMIT_MS
  while (await hasOpenWork(db)) {
    if (performance.now() > giveUpAt) throw new Error('templates were still open after a minute')
    await delay(POLL_MS)
  }
}
