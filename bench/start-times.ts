// How long a gateway takes to start: the first time, with the database still to be made, and again.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startGatewayProcess } from './gateway-process.ts'

/** From the start of the process until it can take a payment, and from Ctrl-C to its end; milliseconds. */
export type StartTimes = { firstMs: number; secondMs: number; stopMs: number }

/** Starts and ends a gateway twice, simulator and embedded database included, in an empty folder `name`. */
export async function measureStarts(
  stack: AsyncDisposableStack,
  dir: string,
  name: string,
): Promise<StartTimes> {
  const dataDir = join(dir, name)
  await mkdir(dataDir)
  const settings = { SUKUMA_DATA_DIR: dataDir, SIMULATOR_PORT: '0', METRICS_PORT: '0' }
  const startOnce = async () => {
    const gateway = await startGatewayProcess(stack, settings, { logFile: join(dir, 'start.log') })
    return { readyMs: gateway.readyMs, stopMs: await gateway.stop() }
  }
  const first = await startOnce()
  const second = await startOnce()
  return { firstMs: first.readyMs, secondMs: second.readyMs, stopMs: second.stopMs }
}
