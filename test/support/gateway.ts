// A whole gateway in this process, on a database of its own, with the simulator, a merchant and a key.
import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import { createUuidSource, type Uuid } from '../../src/ids.ts'
import { type Logger, silentLogger } from '../../src/log.ts'
import { type Gateway, startGateway } from '../../src/main.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { SCOPES } from '../../src/merchants/scopes.ts'
import { createSealer } from '../../src/merchants/sealed.ts'
import type { ShortcodeInput } from '../../src/merchants/shortcodes.ts'
import { createShortcode } from '../../src/merchants/shortcodes.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** An answer, its body read as JSON where it is some. */
export type Answer = { status: number; headers: Headers; body: Record<string, unknown>; text: string }

/** A merchant of the test gateway. */
export type TestMerchant = { id: Uuid; key: string; shortcodeId: Uuid }

/** The gateway under test and everything around it; disposing of it stops all. */
export type TestGateway = AsyncDisposable & {
  gateway: Gateway
  db: TestDatabase
  merchant: TestMerchant
  /** SUKUMA_SECRET. */
  secret: string
  /** Another merchant with a shortcode and key of its own. */
  addMerchant(name: string): Promise<TestMerchant>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Sends a request as it is given, with the merchant's key unless headers name another. */
  send(
    method: string,
    path: string,
    init: { body?: string | URLSearchParams | Buffer; headers?: Record<string, string> },
  ): Promise<Answer>
  simulator(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
}

/** What may differ from the usual gateway of a test. */
export type TestGatewayOptions = {
  env?: Record<string, string>
  clock?: Clock
  log?: Logger
  /** Its database, in place of one of its own; the caller's to dispose of. */
  db?: TestDatabase
  /** Another gateway whose database, secret and merchant this one shares. */
  beside?: TestGateway
}

/** Callbacks after about 60 ms in place of 3 s. */
const SPEED = '50'
/** Daraja's public sandbox passkey. */
const PASSKEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'

/** Starts a gateway for one test. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { beside } = options
  const db = options.db ?? beside?.db ?? (await createTestDatabase())
  const secret = beside?.secret ?? randomBytes(32).toString('base64')
  const loaded = loadConfig({
    PORT: '0',
    SIMULATOR_PORT: '0',
    SIMULATOR_SPEED: SPEED,
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    // Tests in a browser switch it on.
    SUKUMA_DASHBOARD: 'off',
    DATABASE_URL: db.url,
    SUKUMA_SECRET: secret,
    ...options.env,
  })
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
  const overrides = { log: options.log ?? silentLogger, clock: options.clock ?? systemClock }
  const gateway = await startGateway(loaded.config, overrides)
  const sealer = createSealer([Buffer.from(secret, 'base64')])
  const addMerchant = (name: string) => makeMerchant(db, sealer, name)
  const merchant = beside?.merchant ?? (await addMerchant('test'))
  const send: TestGateway['send'] = async (method, path, init) => {
    const headers = { 'x-api-key': merchant.key, ...init.headers }
    return readAnswer(await fetch(`${gateway.url}${path}`, { method, ...init, headers }))
  }
  return {
    gateway,
    db,
    merchant,
    secret,
    addMerchant,
    send,
    post: (path, body, headers = {}) =>
      send('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    get: (path, headers = {}) => send('GET', path, { headers }),
    simulator: (method, path, body) => askSimulator(gateway, method, path, body),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      if (options.db === undefined && beside === undefined) await db[Symbol.asyncDispose]()
    },
  }
}

async function makeMerchant(
  db: TestDatabase,
  sealer: ReturnType<typeof createSealer>,
  name: string,
): Promise<TestMerchant> {
  const deps = { db: db.pool, clock: systemClock, newUuid: createUuidSource(systemClock), sealer }
  const made = await createMerchant(deps, { name })
  if (made.code !== 'created') throw new Error(made.code)
  const input: ShortcodeInput = {
    merchantId: made.merchant.id,
    environment: 'simulator',
    kind: 'paybill',
    number: '174379',
    credentials: { consumerKey: 'simulator', consumerSecret: 'simulator-secret', passkey: PASSKEY },
  }
  const shortcode = await createShortcode(deps, input)
  if (shortcode.code !== 'created') throw new Error(shortcode.code)
  const key = await createApiKey(deps, {
    merchantId: made.merchant.id,
    live: false,
    name: 'test',
    scopes: SCOPES,
  })
  if (key.code !== 'created') throw new Error(key.code)
  return { id: made.merchant.id, key: key.text, shortcodeId: shortcode.shortcode.id }
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, headers: response.headers, body, text }
}

async function askSimulator(
  gateway: Gateway,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.simulatorUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return (await readAnswer(response)).body
}

/** An object inside of an answer; fails when it is none. */
export function objectIn(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = body[name]
  if (typeof value !== 'object' || value === null)
    throw new Error(`${name} is no object: ${JSON.stringify(body)}`)
  return value as Record<string, unknown>
}

const UNTIL_MS = 20_000
const UNTIL_PAUSE_MS = 20

/** Waits for a condition; fails loudly after 20 s, which no healthy machine needs. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const giveUpAt = Date.now() + UNTIL_MS
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > giveUpAt) throw new Error(`${what} did not come about`)
    await new Promise((resolve) => setTimeout(resolve, UNTIL_PAUSE_MS))
  }
}
