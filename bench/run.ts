// `npm run bench`: what the gateway does on this machine, and at what cost, scenario by scenario.
import { mkdir, writeFile } from 'node:fs/promises'
import { readMachine } from './machine.ts'
import { type BenchOptions, commandOf, parseBenchOptions } from './options.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario, ScenarioResult } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { renderText } from './text-report.ts'
import { drawProfiles, writeReport } from './write-report.ts'

const INTERRUPTED_EXIT_CODE = 130

/** Says what is being done, on standard error: the figures alone go to standard output. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function runAll(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  interruption: AbortSignal,
): Promise<boolean> {
  const results: ScenarioResult[] = []
  if (options.profileDir !== null) await mkdir(options.profileDir, { recursive: true })
  let isFine = true
  for (const scenario of scenarios) {
    try {
      const result = await runScenario(scenario, options, { interruption, say })
      results.push(result)
      if (options.jsonFile !== '-') process.stdout.write(renderText(result))
    } catch (error) {
      isFine = false
      say(`${scenario.name} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (interruption.aborted) break
  }
  const json = `${JSON.stringify(results, null, 2)}\n`
  if (options.jsonFile === '-') process.stdout.write(json)
  else if (options.jsonFile !== null) await writeFile(options.jsonFile, json)
  if (options.profileDir !== null) say(`Drawn: ${(await drawProfiles(options.profileDir)).join(', ')}`)
  if (options.reportFile !== null) await report(results, options, options.reportFile)
  return isFine
}

/** Results of a profile are no figures: the profile alone goes into the page. */
async function report(
  results: readonly ScenarioResult[],
  options: BenchOptions,
  file: string,
): Promise<void> {
  const machine = await readMachine()
  const date = new Date().toISOString().slice(0, 10)
  const kept = results.map((result) => ({ date, machine, command: commandOf(result.name, options), result }))
  const names = SCENARIOS.map(({ name }) => name)
  await writeReport(file, options.profileDir === null ? kept : [], { names, profileDir: options.profileDir })
}

async function main(): Promise<number> {
  const parsed = parseBenchOptions(process.argv.slice(2), SCENARIOS)
  if (!parsed.ok) {
    say(parsed.message)
    return parsed.isHelp ? 0 : 1
  }
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(new Error('interrupted'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  const isFine = await runAll(parsed.scenarios, parsed.options, interruption.signal)
  if (interruption.signal.aborted) return INTERRUPTED_EXIT_CODE
  return isFine ? 0 : 1
}

const exitCode = await main()
// What was cut off must not keep the process: all that it had started has been ended.
process.stdout.write('', () => process.exit(exitCode))
