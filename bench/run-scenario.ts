// Runs one scenario in a folder of its own, and ends it and all that it started when it takes too long.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchOptions } from './options.ts'
import type { Scenario, ScenarioResult } from './scenario.ts'

const CUT_OFF_LIMIT_MS = 10_000
const MS_PER_SECOND = 1_000

const ignore = () => undefined

/** Resolves to what it measured; rejects when it failed, was too slow, or `interruption` came. */
export async function runScenario(
  scenario: Scenario,
  options: BenchOptions,
  { interruption, say }: { interruption: AbortSignal; say: (text: string) => void },
): Promise<ScenarioResult> {
  const limitSeconds = scenario.limitSeconds(options)
  const limit = new AbortController()
  const tooLong = () => limit.abort(new Error(`${scenario.name} took longer than ${limitSeconds} s`))
  const timer = setTimeout(tooLong, limitSeconds * MS_PER_SECOND)
  try {
    await using folder = new AsyncDisposableStack()
    const dir = await makeFolder(folder, options.dir)
    await using stack = new AsyncDisposableStack()
    const working = scenario.run({ options, dir, stack, say: (text) => say(`${scenario.name}: ${text}`) })
    // Cut off, it still ends: its parts are gone, and then the folder can go too.
    folder.defer(() => Promise.race([working.then(ignore, ignore), delay(CUT_OFF_LIMIT_MS)]))
    return await Promise.race([working, rejection(AbortSignal.any([interruption, limit.signal]))])
  } finally {
    clearTimeout(timer)
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

async function makeFolder(stack: AsyncDisposableStack, parent: string): Promise<string> {
  const path = join(await realpath(parent), `sukuma-bench-${randomBytes(4).toString('hex')}`)
  await mkdir(path)
  stack.defer(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(path, 0o755)
  return path
}
