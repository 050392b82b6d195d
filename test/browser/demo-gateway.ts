// The gateway as somebody starts it for the first time, with an embedded database and the simulator: for
// commands that look at it, outside of the tests.
import { type Clock, systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import { silentLogger } from '../../src/log.ts'
import { type Gateway, startGateway } from '../../src/main.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

/** Disposing of it ends it and removes its data. */
export type DemoGateway = AsyncDisposable & { gateway: Gateway; simulatorUrl: string }

/** Starts it on free ports; `env` are settings beside the usual ones. */
export async function startDemoGateway(
  env: Record<string, string> = {},
  clock: Clock = systemClock,
): Promise<DemoGateway> {
  await using stack = new AsyncDisposableStack()
  // PostgreSQL runs as another user when this is root, and must be able to enter.
  const folder = stack.use(await createTemporaryFolder(0o755))
  const ports = { PORT: '0', SIMULATOR_PORT: '0', METRICS_PORT: 'off' }
  const loaded = loadConfig({ ...ports, SUKUMA_DATA_DIR: folder.path, ...env })
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'))
  const gateway = await startGateway(loaded.config, { log: silentLogger, clock })
  stack.defer(() => gateway.close())
  const { simulatorUrl } = gateway
  if (simulatorUrl === null) throw new Error('the demo gateway has a simulator')
  const kept = stack.move()
  return { gateway, simulatorUrl, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
