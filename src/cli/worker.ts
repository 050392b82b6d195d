// The program of one gateway process among several. What it is told by the process above it stands in
// `processes/worker-messages.ts`; when that one is gone, Node's cluster ends it at once.
import { createLogger } from '../log.ts'
import { type Gateway, startGateway } from '../main.ts'
import { readOrder, type StartOrder, type WorkerReport } from '../processes/worker-messages.ts'

/** A service manager may send them to every process of a service. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function main(): void {
  const { promise: ending, resolve: end } = Promise.withResolvers<void>()
  for (const signal of END_SIGNALS) process.on(signal, () => end())
  let gateway: Promise<Gateway | null> = Promise.resolve(null)
  process.on('message', (message) => {
    const order = readOrder(message)
    if (order.kind === 'end') end()
    else if (order.kind === 'start') gateway = start(order)
    else void gateway.then((started) => tellMetrics(started, order.id))
  })
  void ending.then(async () => {
    await (await gateway)?.close()
    process.exit(0)
  })
}

async function start({ config, slot, ...parts }: StartOrder): Promise<Gateway | null> {
  try {
    const log = createLogger(config.logLevel).child({ process: slot })
    const embeddedUrl = parts.embeddedUrl === null ? {} : { embeddedUrl: parts.embeddedUrl }
    const simulatorUrl = parts.simulatorUrl === null ? {} : { simulatorUrl: parts.simulatorUrl }
    const gateway = await startGateway(config, { log, ...embeddedUrl, ...simulatorUrl })
    tell({ kind: 'ready', url: gateway.url, demo: gateway.demo, signInUrl: gateway.signInUrl })
    return gateway
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    tell({ kind: 'failed', message, code }, () => process.exit(1))
    return null
  }
}

async function tellMetrics(gateway: Gateway | null, id: number): Promise<void> {
  if (gateway !== null) tell({ kind: 'metrics', id, snapshot: await gateway.metrics() })
}

function tell(report: WorkerReport, done: () => void = () => undefined): void {
  // Without the process above, this one is about to end.
  process.send?.(report, undefined, undefined, done)
}

main()
