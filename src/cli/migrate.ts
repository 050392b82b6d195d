// `sukuma migrate`
import type { Config } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { createLogger, type Logger } from '../log.ts'
import type { Command } from './command.ts'
import { printJson } from './output.ts'
import { openDatabase, readConfig } from './session.ts'

/** Brings the database up to date without starting a gateway. */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Brings the database up to date. "sukuma start" does so by itself.',
  options: {},
  async run(io, args) {
    const config = readConfig(io)
    const log = createLogger('warn', { write: (line) => io.stderr.write(line) })
    const applied = await applyMigrations(config, log)
    if (args.flag('json')) printJson(io, { applied })
    else io.stdout.write(applied.length === 0 ? 'Up to date.\n' : `Applied ${applied.join(', ')}.\n`)
    return 0
  },
}

async function applyMigrations(config: Config, log: Logger): Promise<readonly string[]> {
  if (config.databaseUrl !== null) return migrateDatabase(config.databaseUrl, undefined, { log })
  // An embedded database is brought up to date whenever it is opened.
  const { applied, close } = await openDatabase(config, log)
  await close()
  return applied
}
