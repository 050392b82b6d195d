// What a scenario of the benchmark is: something to measure by itself, with an end, whatever happens.
import type { BenchOptions } from './options.ts'
import type { Spread } from './statistics.ts'

/** One thing that can be measured: one file in `scenarios/`, listed in `scenarios.ts`. */
export type Scenario = {
  /** As `npm run bench -- name` takes it. */
  name: string
  /** A line of the help. */
  about: string
  /** Whether `npm run bench` alone runs it: those that take a few minutes at most. */
  isQuick: boolean
  /** It is cut off after this long, and all that it started is ended. */
  limitSeconds(options: BenchOptions): number
  run(context: ScenarioContext): Promise<ScenarioResult>
}

/** What a scenario is given. */
export type ScenarioContext = {
  options: BenchOptions
  /** An empty folder on the disk that is measured, open to PostgreSQL's user. It goes with the run. */
  dir: string
  /** Ends what the scenario starts, last begun first. */
  stack: AsyncDisposableStack
  /** Tells a person how far it is. */
  say(text: string): void
}

/** What came of it. It is kept as JSON, so it holds data alone. */
export type ScenarioResult = {
  name: string
  /** A heading of the page of figures. */
  title: string
  tables: Table[]
  /** By a name that stays from release to release: a single figure, or its spread over the rounds. */
  figures: Record<string, Spread | number | string | null>
  plots: Plot[]
  /** What a reader of the figures must know, a sentence or two each. */
  notes: string[]
}

/** Rows as they are printed: numbers are rounded by whoever makes the table. Null: not known. */
export type Table = { title: string; columns: string[]; rows: (string | number | null)[][] }

/** Lines over a common axis, or bars side by side. */
export type Plot = {
  title: string
  xLabel: string
  yLabel: string
  /** Names of the places 0, 1, … on the x axis: the points are bars there. */
  bars?: string[]
  series: { name: string; points: [x: number, y: number][] }[]
}
