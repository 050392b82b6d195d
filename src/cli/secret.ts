// `sukuma secret …`: changing SUKUMA_SECRET without a moment in which something cannot be opened.
import { randomBytes } from 'node:crypto'
import { resealTwoFactors } from '../accounts/reseal-two-factors.ts'
import { SEALED_TOKENS } from '../daraja/token-store.ts'
import { type ResealedColumn, resealAll, type SealedColumn } from '../merchants/reseal.ts'
import { keepFirstSecretKey, prependSecretKey } from '../merchants/secret-file.ts'
import { SEALED_CREDENTIALS } from '../merchants/shortcodes.ts'
import { SEALED_ENDPOINT_SECRETS } from '../webhooks/sealed-secrets.ts'
import { type Command, CommandError, type CommandIo } from './command.ts'
import { printJson, printList } from './output.ts'
import { openSession, readConfig, type Session } from './session.ts'

/** Every column that holds something sealed. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  SEALED_CREDENTIALS,
  SEALED_TOKENS,
  ...SEALED_ENDPOINT_SECRETS,
]

const KEY_BYTES = 32

const ROTATE_IN_ENVIRONMENT = [
  '1. Set it after the present one in every process, SUKUMA_SECRET=<present>,<new>, and restart each.',
  '2. Then put it first, SUKUMA_SECRET=<new>,<present>, and restart each again.',
  '3. Run "sukuma secret reseal" with that setting.',
  '4. An hour later take the former key away: callbacks of payments made before then need it.',
]
const ROTATE_IN_FILE = [
  '1. Restart the gateway. Until then it goes on with the former key.',
  '2. Run "sukuma secret reseal".',
  '3. An hour later run "sukuma secret retire" and restart: callbacks of older payments need the former.',
]

/** What is sealed by us, and what the sign-in library encrypts. */
async function resealEverything(session: Session, options: { change: boolean }): Promise<ResealedColumn[]> {
  const sealed = await resealAll(session, SEALED_COLUMNS, options)
  return [...sealed, await resealTwoFactors(session, options)]
}

/** Walks over every stored secret, and shows what it found and did. */
function walk(options: { change: boolean }): Command['run'] {
  return async (io, args) => {
    await using session = await openSession(io)
    const columns = await resealEverything(session, options)
    printColumns(io, args, session, columns)
    return columns.some(({ unreadable }) => unreadable > 0) ? 1 : 0
  }
}

const status: Command = {
  name: 'secret status',
  summary: 'Shows under which keys of SUKUMA_SECRET the stored secrets are sealed. Shows no key.',
  options: {},
  run: walk({ change: false }),
}

const rotate: Command = {
  name: 'secret rotate',
  summary:
    'Makes a new key: in the data folder, or printed where SUKUMA_SECRET is set. Says what to do next.',
  options: {},
  async run(io, args) {
    const config = readConfig(io)
    const inFile = config.secretKeys === null
    const key = inFile ? null : randomBytes(KEY_BYTES).toString('base64')
    if (inFile) await prependSecretKey(config.dataDir)
    const next = inFile ? ROTATE_IN_FILE : ROTATE_IN_ENVIRONMENT
    if (args.flag('json')) printJson(io, { key, next })
    else {
      io.stdout.write(
        key === null ? 'The data folder has a new key.\n' : `The new key, shown this once: ${key}\n`,
      )
      io.stdout.write(`${next.join('\n')}\n`)
    }
    return 0
  },
}

const reseal: Command = {
  name: 'secret reseal',
  summary: 'Seals every stored secret under the first key of SUKUMA_SECRET, known to every running gateway.',
  options: {},
  run: walk({ change: true }),
}

const retire: Command = {
  name: 'secret retire',
  summary: 'Takes the former keys out of the data folder, once nothing is sealed under them.',
  options: {},
  async run(io, args) {
    await using session = await openSession(io)
    if (session.config.secretKeys !== null) {
      throw new CommandError('SUKUMA_SECRET is set: take the former keys out of its list there.')
    }
    const columns = await resealEverything(session, { change: false })
    const [first] = session.sealer.keyIds
    const left = columns.filter(({ byKey }) => Object.keys(byKey).some((id) => id !== first))
    if (left.length > 0) {
      const where = left.map(({ table, column }) => `${table}.${column}`).join(', ')
      throw new CommandError(`Still sealed under a former key: ${where}. Run "sukuma secret reseal" first.`)
    }
    await keepFirstSecretKey(session.config.dataDir)
    if (args.flag('json')) printJson(io, { retired: session.sealer.keyIds.slice(1) })
    else io.stdout.write('Only the newest key is left. Restart the gateway.\n')
    return 0
  },
}

function printColumns(
  io: CommandIo,
  args: Parameters<typeof printList>[1],
  session: Pick<Session, 'sealer'>,
  columns: readonly ResealedColumn[],
): void {
  const [first = ''] = session.sealer.keyIds
  const shown = columns.map(({ table, column, byKey, resealed, unreadable }) => {
    const under = byKey[first] ?? 0
    const all = Object.values(byKey).reduce((sum, count) => sum + count, 0)
    return { secrets: `${table}.${column}`, first_key: under, former_keys: all - under, resealed, unreadable }
  })
  printList(io, args, shown, ['secrets', 'first_key', 'former_keys', 'resealed', 'unreadable'])
  if (columns.some(({ unreadable }) => unreadable > 0)) {
    io.stderr.write(
      'Some secrets open with no key of SUKUMA_SECRET: add the key that they were sealed under.\n',
    )
  }
}

/** The commands about SUKUMA_SECRET. */
export const secretCommands: readonly Command[] = [status, rotate, reseal, retire]
