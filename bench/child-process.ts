// The benchmark's own processes, so that what they do is not counted as the gateway's: started, spoken to
// over Node's channel, and ended by their ids.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A child that answers calls. */
export type BenchChild = {
  pid: number
  /** Has the child run its function `name`; rejects with the child's words, or when it ends. */
  call(name: string, argument?: unknown): Promise<unknown>
}

/** The functions of a child. Arguments and answers go over the channel as JSON. */
export type CallHandlers = Record<string, (argument: unknown) => unknown>

type Answer = { id: number; ok: boolean; value: unknown }

/** Starts `file` of this folder; it ends with `stack`. */
export function startBenchChild(stack: AsyncDisposableStack, file: string): BenchChild {
  const path = fileURLToPath(new URL(file, import.meta.url))
  // An empty environment: settings of the caller's shell must not change what is measured.
  const options: ForkOptions = { env: {}, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }
  const child = forkWithin(stack, path, { args: [], options }, () => endProcess(child, 'SIGKILL'))
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  child.on('message', (message) => {
    const answer = readAnswer(message)
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.once('exit', () => {
    for (const [id, settle] of waiting) settle({ id, ok: false, value: `${file} has ended` })
    waiting.clear()
  })
  return {
    pid: pidOf(child),
    async call(name, argument = null) {
      lastId += 1
      const id = lastId
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
      child.send({ id, name, argument }, (error) => {
        if (error !== null) waiting.get(id)?.({ id, ok: false, value: error.message })
      })
      const { ok, value } = await answered
      if (!ok) throw new Error(`${file}, ${name}: ${value}`)
      return value
    },
  }
}

/** Answers the parent's calls until it is gone. */
export function serveCalls(handlers: CallHandlers): void {
  process.on('message', async (message) => {
    const { id, name, argument } = readCall(message)
    try {
      const value = await handlers[name]?.(argument)
      process.send?.({ id, ok: true, value })
    } catch (error) {
      process.send?.({ id, ok: false, value: error instanceof Error ? error.message : String(error) })
    }
  })
  process.once('disconnect', () => process.exit(0))
}

/** Forks, so that `end` is called when `stack` is disposed of; throws, starting nothing, when it has been. */
export function forkWithin(
  stack: AsyncDisposableStack,
  path: string,
  { args, options }: { args: string[]; options: ForkOptions },
  end: () => Promise<unknown>,
): ChildProcess {
  if (stack.disposed) throw new Error('the run was cut off')
  const child = fork(path, args, options)
  stack.defer(async () => void (await end()))
  return child
}

/** Ends a child with `signal`, with SIGKILL when that was not enough, and resolves once it is gone. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals, limitMs = 0): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  const timer = limitMs === 0 ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs)
  await exited
  clearTimeout(timer)
}

/** The id of a child that was started; throws when it could not be. */
export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process could not be started')
  return child.pid
}

/** Both ends of the channel are this file. */
function readAnswer(message: unknown): Answer {
  return message as Answer
}

function readCall(message: unknown): { id: number; name: string; argument: unknown } {
  return message as ReturnType<typeof readCall>
}
