// Growth: what a payment costs, and how long reads take, with millions of payments in the tables.
import { randomBytes } from 'node:crypto'
import { startBenchChild } from '../child-process.ts'
import { checkMade } from '../growth-check.ts'
import { type GrowthPart, type GrowthShape, type Keys, measureGrowth } from '../growth-size.ts'
import { tellGrowth } from '../growth-tables.ts'
import { beginHistory, growHistory, type History } from '../history.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import { withOwnStack } from '../own-stack.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'

const SIZES = '0,0.1,0.5'
/** As much as a shop with 1,000 payments a second has in a day. */
const SIZE_MAX = 100
const MILLION = 1_000_000
const SECONDS = 5
const ROUNDS = 5
const CONNECTIONS = 64
const READS = 200
const READS_MAX = 10_000
const START_SECONDS = 120
const SETTLE_SECONDS = 15
const READ_SECONDS = 300
/** A machine that does other things as well makes a million in three minutes. */
const SECONDS_A_MILLION = 400

/** A payment's cost by the payments that are there already. */
export const growth: Scenario = {
  name: 'growth',
  about: 'cost of a payment and time of reads by millions of payments there are (--set sizes=0,1,10,30)',
  isQuick: false,
  limitSeconds(options) {
    const sizes = sizesOf(options)
    const { rounds, seconds } = shapeOf(options)
    const each = START_SECONDS + READ_SECONDS + 2 * (rounds + 1) * (seconds + SETTLE_SECONDS)
    return START_SECONDS + sizes.length * each + (SECONDS_A_MILLION * Math.max(...sizes)) / MILLION
  },
  async run(context) {
    const { options, say } = context
    const sizes = sizesOf(options)
    const shape = shapeOf(options)
    const { parts, history, notes } = await measureSizes(context, sizes, shape)
    const { tables, figures, plots } = tellGrowth(parts)
    say('done')
    const secondsAMillion = history.payments === 0 ? null : (1_000 * history.madeInMs) / history.payments
    return {
      name: 'growth',
      title: 'Growth: millions of payments in the tables',
      tables,
      figures: { ...figures, bytesEach: history.bytesEach, secondsAMillion },
      plots,
      notes: [...notes, ...explain(history, shape)],
    }
  },
}

async function measureSizes(
  { dir, stack, say }: ScenarioContext,
  sizes: readonly number[],
  shape: GrowthShape,
): Promise<{ parts: GrowthPart[]; history: History; notes: string[] }> {
  const daraja = startBenchChild(stack, 'daraja-process.ts')
  const load = startBenchChild(stack, 'load-process.ts')
  const sinkUrl = String(await load.call('sinkUrl'))
  const bed = { daraja, darajaUrl: String(await daraja.call('url')), load, sinkUrl }
  say('making the payments that the history is copied from')
  const history = await beginHistory(stack, { dir, secret: randomBytes(32), sinkUrl })
  const keys: Keys = { value: null }
  const parts: GrowthPart[] = []
  const notes: string[] = []
  for (const to of sizes) {
    const problem = await growHistory(stack, history, { to, all: Math.max(...sizes), say })
    if (problem !== null) {
      notes.push(`${to / MILLION} million were not measured: ${problem}`)
      continue
    }
    say(`measuring with ${to} payments`)
    parts.push(await withOwnStack(stack, (own) => measureGrowth(own, bed, history, { shape, keys, say })))
  }
  const made = parts.reduce((sum, part) => sum + part.made, 0)
  await checkMade(bed, made)
  notes.push(`All ${made} payments made meanwhile were prompted once and told of once.`)
  return { parts, history, notes }
}

function explain(history: History, { rounds, seconds, connections }: GrowthShape): string[] {
  const bytes = history.bytesEach === null ? '?' : String(Math.round(history.bytesEach))
  const share = '80 % of them of one merchant, the others of some hundred'
  return [
    `${rounds} rounds of ${seconds} s by turns over ${connections} connections, on two gateways and two ` +
      'databases of one PostgreSQL with the settings of the embedded one; in brackets the extent of the ' +
      'rounds.',
    `The history lies in the year before, ${share}: copies of real rows with ids, phones and receipts of ` +
      `their own, ${bytes} bytes each with their indexes. These are newly made, so a little denser than ` +
      'grown ones.',
    'Reads come one after the other over one connection, about payments drawn by chance; beside payments ' +
      'that arrive at 100 a second.',
  ]
}

/** Payments, ascending; throws unless all are sizes. */
function sizesOf({ set }: BenchOptions): number[] {
  const sizes = (set.sizes ?? SIZES).split(',').map((text) => {
    const millions = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
    if (!(millions <= SIZE_MAX))
      throw new Error(`--set sizes takes millions up to ${SIZE_MAX}, such as ${SIZES}`)
    return Math.round(millions * MILLION)
  })
  return sizes.sort((a, b) => a - b)
}

function shapeOf(options: BenchOptions): GrowthShape {
  const { seconds, rounds, connections } = options
  return {
    seconds: seconds ?? SECONDS,
    rounds: rounds ?? ROUNDS,
    connections: connections?.[0] ?? CONNECTIONS,
    reads: readSetNumber(options, 'reads', READS, READS_MAX),
  }
}
