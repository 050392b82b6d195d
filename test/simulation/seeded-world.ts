// The world of a seed: how many live in it, and what goes wrong, is all drawn from the seed.
import { type Choices, seededChoices } from './choices.ts'
import { drawFaults } from './faults.ts'
import { liveThrough, type WorldOptions, type WorldReport } from './world.ts'

const LIVES_MAX = 12
const PROCESSES_MAX = 3
const BUSY_MS = 4 * 60_000

/** Lives through the world of `seed`. */
export function liveThroughSeed(seed: number, trace?: (line: string) => void): Promise<WorldReport> {
  const choices = seededChoices(seed)
  const options = drawWorld(choices, { name: `seed ${seed}`, livesMax: LIVES_MAX })
  return liveThrough(trace === undefined ? options : { ...options, trace })
}

/** A world by chance, of at most `livesMax` payments. */
export function drawWorld(
  choices: Choices,
  { name, livesMax }: { name: string; livesMax: number },
): WorldOptions {
  const lives = choices.between(1, livesMax)
  return {
    name,
    choices,
    lives,
    processes: choices.between(1, PROCESSES_MAX),
    customers: lives,
    busyMs: BUSY_MS,
    faults: drawFaults(choices),
    environment: choices.pick(['simulator', 'sandbox'] as const),
    questionsPerMinute: choices.pick([null, 5, 60]),
  }
}
