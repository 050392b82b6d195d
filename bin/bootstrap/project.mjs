// Where the project is, and how the start-up scripts speak: on standard error, off --json output.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root, by this file's own real place: the command may be reached through a link. */
export const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Prints one line. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Ends the process with a message that says what to do. */
export function fail(text) {
  say(`sukuma: ${text}`)
  process.exit(1)
}
