// The process of one gateway: the gateway as everybody starts it, but for a clock that runs faster.
import { scaledClock } from '../src/clock.ts'
import { loadConfig } from '../src/config.ts'
import { startGateway } from '../src/main.ts'

async function main(): Promise<void> {
  const [epochMs, clockFactor] = process.argv.slice(2).map(Number)
  const loaded = loadConfig(process.env)
  if (!loaded.ok) throw new Error(loaded.errors.join('; '))
  await startGateway(loaded.config, { clock: scaledClock(epochMs ?? 0, clockFactor ?? 1) })
  process.send?.('ready')
}

process.once('disconnect', () => process.exit(0))
// A gateway that cannot start, because its database is away, ends; whoever keeps it running starts it again.
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
})
