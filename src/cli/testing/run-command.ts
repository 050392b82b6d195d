// Runs a command line in the test's own process, and keeps what it prints.
import { Readable } from 'node:stream'
import type { EnvironmentVariables } from '../../config.ts'
import { runCli } from '../run-cli.ts'

/** What a command line did. */
export type CommandRun = { code: number; stdout: string; stderr: string }

/** Runs `sukuma` with `args`; `input` is its standard input, `folder` the place it is called from. */
export async function runCommand(
  args: readonly string[],
  {
    env = {},
    input = [],
    folder = '/',
  }: { env?: EnvironmentVariables; input?: string[]; folder?: string } = {},
): Promise<CommandRun> {
  const printed = { stdout: '', stderr: '' }
  const collect = (name: keyof typeof printed) => ({
    write(text: string) {
      printed[name] += text
    },
  })
  const io = {
    env,
    folder,
    stdin: Readable.from(input),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
  }
  const code = await runCli(io, args)
  return { code, ...printed }
}
