// The process of one gateway: the gateway as everybody starts it, but for a clock that runs faster and a
// simulator that is not its own.
import { scaledClock } from '../src/clock.ts'
import { loadConfig } from '../src/config.ts'
import { startGateway } from '../src/main.ts'

async function main(): Promise<void> {
  const [epochMs, clockFactor, simulatorUrl] = process.argv.slice(2)
  if (simulatorUrl === undefined) throw new Error('usage: gateway-process.ts EPOCH FACTOR SIMULATOR_URL')
  const loaded = loadConfig(process.env)
  if (!loaded.ok) throw new Error(loaded.errors.join('; '))
  const clock = scaledClock(Number(epochMs), Number(clockFactor))
  await startGateway(loaded.config, { clock, simulatorUrl })
  process.send?.('ready')
}

process.once('disconnect', () => process.exit(0))
// A gateway that cannot start, because its database is away, ends; whoever keeps it running starts it again.
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
})
