// Two gateways on one database before one Daraja: a simulator of its own, known to both as the sandbox.
import type { Clock } from '../../src/clock.ts'
import { silentLogger } from '../../src/log.ts'
import { type Faults, type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { startTestGateway, type TestGateway } from './gateway.ts'

/** The pair and their Daraja. */
export type SharedDaraja = AsyncDisposable & {
  simulator: Simulator
  gateways: readonly [TestGateway, TestGateway]
  /** The sandbox shortcode, as `/v1` names it. */
  shortcode: string
  /** Asynchronous; fails unless it is taken. Resolves to its id. */
  pay(gateway: TestGateway, wish?: { phone?: string; amount?: number }): Promise<string>
}

const CREDENTIALS = {
  consumer_key: 'simulator',
  consumer_secret: 'simulator-secret',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
}
/** The callback is lost, the query knows. */
const LOST_CALLBACK_PHONE = '254700010000'

/** Starts them; `clockFactor` says how much faster than the machine's the clock runs. */
export async function startSharedDaraja(options: {
  clock: Clock
  clockFactor?: number
  faults?: Partial<Faults>
}): Promise<SharedDaraja> {
  const { clock } = options
  const simulator = await startSimulator(
    { clock, log: silentLogger },
    { port: 0, host: '127.0.0.1', clockFactor: options.clockFactor ?? 1 },
  )
  simulator.setFaults({ callbackDelayMs: 100, queryTooEarlyMs: 0, ...options.faults })
  const env = { SIMULATOR_PORT: 'off', DARAJA_SANDBOX_URL: simulator.url }
  const one = await startTestGateway({ env, clock })
  const two = await startTestGateway({ env, clock, beside: one })
  const added = await one.post('/v1/shortcodes', { environment: 'sandbox', number: '174379', ...CREDENTIALS })
  if (added.status !== 201) throw new Error(added.text)
  return {
    simulator,
    gateways: [one, two],
    shortcode: String(added.body.id),
    async pay(gateway, { phone = LOST_CALLBACK_PHONE, amount = 10 } = {}) {
      const made = await gateway.post('/v1/payments', { phone, amount, reference: 'R', expires_in: 3_600 })
      if (made.status !== 201) throw new Error(made.text)
      return String(made.body.id)
    },
    async [Symbol.asyncDispose]() {
      await two[Symbol.asyncDispose]()
      await one[Symbol.asyncDispose]()
      await simulator.close()
    },
  }
}
