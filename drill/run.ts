// `npm run drill`: everything is killed while payments are made, and then the ledgers are held against each
// other.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readServerVersion } from '../bench/totals-store.ts'
import { readLedgers, runCourse } from './course.ts'
import { type DrillOptions, parseDrillOptions } from './options.ts'
import { hashPlan, planDrill } from './plan.ts'
import { renderMarkdown, renderTable } from './report.ts'
import { type DrillResult, resultOf } from './result.ts'
import { setDrillStage } from './stage.ts'

/** Starting and settling, beside the chaos itself. */
const OVERHEAD_LIMIT_MS = 900_000
const INTERRUPTED_EXIT_CODE = 130

/** Says what is being done, on standard error: the figures alone go to standard output. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function drill(options: DrillOptions): Promise<DrillResult> {
  const { kills, payments, seed } = options
  const planOptions = { kills, payments, seed }
  const plan = planDrill(planOptions)
  say(`Plan ${hashPlan(plan)}: ${kills} kills, ${payments} payments in ${Math.round(plan.chaosMs / 1_000)} s`)
  await using folder = new AsyncDisposableStack()
  const dir = await makeFolder(folder, options)
  await using parts = new AsyncDisposableStack()
  const limit = setTimeout(() => end(parts, 'the drill took too long'), OVERHEAD_LIMIT_MS + 3 * plan.chaosMs)
  const interrupt = () => end(parts, 'Interrupted')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt)
  try {
    const stage = await setDrillStage(parts, dir, plan, options.keep)
    const course = await runCourse(stage, plan, planOptions, say)
    const ledgers = await readLedgers(stage)
    const postgres = await readServerVersion(stage.pool)
    return resultOf(planOptions, plan, { course, ledgers, postgres })
  } finally {
    clearTimeout(limit)
  }
}

/** Ends every process that was started, and then this one. */
function end(parts: AsyncDisposableStack, why: string): void {
  say(why)
  parts.disposeAsync().then(
    () => process.exit(INTERRUPTED_EXIT_CODE),
    () => process.exit(INTERRUPTED_EXIT_CODE),
  )
}

async function makeFolder(stack: AsyncDisposableStack, options: DrillOptions): Promise<string> {
  const path = join(await realpath(options.dir), `sukuma-drill-${randomBytes(4).toString('hex')}`)
  await mkdir(path)
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(path, 0o755)
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  stack.defer(async () => (options.keep ? say(`Everything is kept in ${path}`) : await remove()))
  return path
}

async function main(): Promise<number> {
  const parsed = parseDrillOptions(process.argv.slice(2))
  if (!parsed.ok) {
    say(parsed.message)
    return process.argv.includes('--help') ? 0 : 1
  }
  const { options } = parsed
  const result = await drill(options)
  process.stdout.write(renderTable(result))
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(result, null, 2)}\n`)
  if (options.reportFile !== null) await writeFile(options.reportFile, renderMarkdown(result))
  return result.passed ? 0 : 1
}

const exitCode = await main()
process.stdout.write('', () => process.exit(exitCode))
