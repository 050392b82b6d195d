// `sukuma migrate`
import { migrateDatabase } from '../db/migrate.ts'
import { createLogger } from '../log.ts'
import type { Command } from './command.ts'
import { printJson } from './output.ts'
import { reachDatabase, readConfig } from './session.ts'

/** Brings the database up to date without starting a gateway. */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Brings the database up to date. "sukuma start" does so by itself.',
  options: {},
  async run(io, args) {
    const config = readConfig(io)
    const log = createLogger('warn', { write: (line) => io.stderr.write(line) })
    await using opening = new AsyncDisposableStack()
    const applied = await migrateDatabase(await reachDatabase(config, log, opening))
    if (args.flag('json')) printJson(io, { applied })
    else io.stdout.write(applied.length === 0 ? 'Up to date.\n' : `Applied ${applied.join(', ')}.\n`)
    return 0
  },
}
