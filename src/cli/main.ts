// The program behind `sukuma`.
import { readEnvironment } from '../config.ts'
import { describeFailure, runCli } from './run-cli.ts'

async function main(): Promise<number> {
  const { stdin, stdout, stderr } = process
  // A reader that has seen enough (`| head`) is no failure.
  stdout.on('error', () => {})
  try {
    const env = readEnvironment()
    // npm changes the working directory, and says where it was called.
    const folder = env.INIT_CWD ?? process.cwd()
    return await runCli({ env, folder, stdin, stdout, stderr }, process.argv.slice(2))
  } catch (error) {
    stderr.write(`sukuma: ${describeFailure(error)}\n`)
    return 1
  }
}

const exitCode = await main()
// Everything has been ended by now; what is left over must not keep the process, nor cut its last words.
process.stdout.write('', () => process.exit(exitCode))
