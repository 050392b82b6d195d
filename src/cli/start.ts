// `sukuma start`: the gateway until it is told to end.
import type { Config } from '../config.ts'
import type { Gateway } from '../main.ts'
import type { Command, CommandIo } from './command.ts'
import { printJson } from './output.ts'
import { readConfig } from './session.ts'

/** What is promised of a Ctrl-C. */
const CLOSE_LIMIT_MS = 5_000
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** What shells make of an end by Ctrl-C. */
const INTERRUPTED_EXIT_CODE = 130

type RunningGateway = Omit<Gateway, 'metrics'>

/** Runs gateway, worker and simulator, as configured. */
export const start: Command = {
  name: 'start',
  summary: 'Starts the gateway: HTTP, worker and simulator, as .env and the environment say.',
  options: {},
  async run(io, args) {
    const config = readConfig(io)
    const stopped = waitForStop(io)
    const gateway = await startConfigured(config)
    if (args.flag('json')) printJson(io, describeGateway(gateway))
    else io.stdout.write(renderBanner(gateway))
    const failure = await Promise.race([stopped, gateway.failed])
    if (failure !== undefined) io.stderr.write(`${failure}\n`)
    const limit = setTimeout(() => {
      io.stderr.write(`Not everything ended within ${CLOSE_LIMIT_MS / 1_000} s; the next start recovers.\n`)
      process.exit(1)
    }, CLOSE_LIMIT_MS)
    await gateway.close()
    clearTimeout(limit)
    return failure === undefined ? 0 : 1
  },
}

/** What is above several processes does without what each of them loads. */
async function startConfigured(config: Config): Promise<RunningGateway> {
  if (config.processes === 1) return (await import('../main.ts')).startGateway(config)
  return (await import('../compose-processes.ts')).startProcesses(config)
}

/**
 * Resolves at the first signal, or when the process that launched this one is gone. A second signal ends the
 * process at once, start included.
 */
function waitForStop(io: CommandIo): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0
    for (const signal of END_SIGNALS) {
      process.on(signal, () => {
        signals += 1
        if (signals > 1) process.exit(INTERRUPTED_EXIT_CODE)
        io.stderr.write('Ending; once more to end at once.\n')
        resolve()
      })
    }
    process.once('disconnect', resolve)
  })
}

function describeGateway(gateway: RunningGateway) {
  return {
    url: gateway.url,
    simulator_url: gateway.simulatorUrl,
    metrics_url: gateway.metricsUrl,
    api_key: gateway.demo?.apiKey ?? null,
    sign_in_url: gateway.signInUrl,
  }
}

/** What the banner shows. */
export type BannerPlaces = Pick<Gateway, 'url' | 'simulatorUrl' | 'metricsUrl' | 'demo' | 'signInUrl'>

/** What a person sees once the gateway is up; the last line can be pasted into a shell. */
export function renderBanner(gateway: BannerPlaces): string {
  const url = reachable(gateway.url)
  const places = [
    ['Gateway', url],
    ['Reference', `${url}/docs`],
    ['Simulator', gateway.simulatorUrl],
    ['Metrics', gateway.metricsUrl],
    ['Demo key', gateway.demo?.apiKey ?? null],
    // Works once, for a day.
    ['Sign in', gateway.signInUrl],
  ]
  const lines = places
    .filter(([, place]) => place !== null)
    .map(([name, place]) => `  ${name?.padEnd(9)}  ${place}`)
  return ['', 'Sukuma is ready.', '', ...lines, '', ...renderFirstPayment(gateway, url)].join('\n')
}

function renderFirstPayment(gateway: Pick<Gateway, 'simulatorUrl' | 'demo'>, url: string): string[] {
  if (gateway.demo === null || gateway.simulatorUrl === null) return ['']
  // 254700000000 is the simulator's customer who pays.
  const body = JSON.stringify({ amount: 10, phone: '254700000000', reference: 'FIRST', wait: 30 })
  const headers = `-H 'x-api-key: ${gateway.demo.apiKey}' -H 'content-type: application/json'`
  return [
    'Take a first payment from the simulator:',
    '',
    // Some shells read brackets as a pattern.
    `curl -sS '${url}/v1/payments' ${headers} -d '${body}'`,
    '',
    '',
  ]
}

/** An address that a client on this machine can use, where the gateway listens on all of them. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}
