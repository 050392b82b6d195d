// How long a gateway takes to be ready: the first time, with the database still to be made, and again.
import type { Scenario } from '../scenario.ts'
import { measureStarts, type StartTimes } from '../start-times.ts'
import { spread } from '../statistics.ts'

const SECONDS_EACH = 30
const ROUNDS = 3

/** First start, second start and stop of a gateway with its embedded database. */
export const starts: Scenario = {
  name: 'starts',
  about: 'the time to a first start in an empty folder, to a second one, and to stop',
  isQuick: true,
  limitSeconds: ({ rounds }) => 60 + SECONDS_EACH * (rounds ?? ROUNDS),
  async run({ options, dir, stack, say }) {
    const times: StartTimes[] = []
    for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
      say(`round ${round}: from nothing, and again`)
      times.push(await measureStarts(stack, dir, `start-${round}`))
    }
    const figures = {
      firstMs: spread(times.map(({ firstMs }) => firstMs)),
      secondMs: spread(times.map(({ secondMs }) => secondMs)),
      stopMs: spread(times.map(({ stopMs }) => stopMs)),
    }
    const row = (what: string, { median, min, max }: { median: number; min: number; max: number }) => [
      what,
      ...[median, min, max].map(Math.round),
    ]
    const rows = [
      row('first start, ms', figures.firstMs),
      row('second start, ms', figures.secondMs),
      row('stop, ms', figures.stopMs),
    ]
    const table = { title: '', columns: ['', 'median', 'lowest', 'highest'], rows }
    return { name: 'starts', title: 'Starting and stopping', tables: [table], figures, plots: [], notes: [] }
  },
}
