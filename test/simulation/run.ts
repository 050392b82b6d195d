// `node test/simulation/run.ts --seeds 1..100000`: lives through many worlds, and tells the seeds of those
// whose invariants did not hold. `--seeds 7 --trace` tells all that happens in one.
import { parseArgs } from 'node:util'
import { BreachError } from './audit.ts'
import { liveThroughSeed } from './seeded-world.ts'

const SHOWN_MAX = 20
const REPORT_EVERY_MS = 30_000

function readSeeds(text: string): [number, number] {
  const [first, last] = text.split('..').map(Number)
  if (first === undefined || !Number.isInteger(first)) throw new RangeError('--seeds A..B, or --seeds A')
  return [first, last ?? first]
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1..10000' },
      trace: { type: 'boolean', default: false },
      /** Ends at the first seed that breaks an invariant. */
      first: { type: 'boolean', default: false },
    },
  })
  const [first, last] = readSeeds(values.seeds)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const startedMs = performance.now()
  const sum = { lives: 0, turns: 0, deaths: 0, settled: 0, unaskable: 0, corrected: 0, contradicted: 0 }
  const broken: string[] = []
  let saidMs = startedMs
  const report = (worlds: number) => {
    const seconds = (performance.now() - startedMs) / 1_000
    say(`${worlds} worlds, ${Math.round(sum.lives / seconds)} lives/s, ${JSON.stringify(sum)}`)
  }
  for (let seed = first; seed <= last && broken.length < (values.first ? 1 : SHOWN_MAX); seed += 1) {
    try {
      const ended = await liveThroughSeed(seed, values.trace ? say : undefined)
      for (const name of [
        'lives',
        'turns',
        'deaths',
        'settled',
        'unaskable',
        'corrected',
        'contradicted',
      ] as const) {
        sum[name] += ended[name]
      }
    } catch (error) {
      if (!(error instanceof BreachError)) throw error
      broken.push(error.message)
      say(error.message)
    }
    if (performance.now() - saidMs > REPORT_EVERY_MS) {
      saidMs = performance.now()
      report(seed - first + 1)
    }
  }
  report(last - first + 1)
  return broken.length === 0 ? 0 : 1
}

process.exitCode = await main()
