// Where people find the gateway of these settings, for links that are made beside it.
import type { Config } from '../config.ts'
import { readDemoFile } from '../merchants/demo-file.ts'
import { CommandError } from './command.ts'

/** Its address; a gateway on a free port has told it in demo.json. Throws `CommandError`. */
export async function findGatewayAddress(config: Config): Promise<string> {
  if (config.publicUrl !== null) return config.publicUrl
  if (config.port !== 0) return `http://127.0.0.1:${config.port}`
  const told = config.databaseUrl === null ? await readDemoFile(config.dataDir) : null
  if (told !== null) return told.baseUrl
  throw new CommandError(
    'PORT is 0, so where the gateway is cannot be told: set PUBLIC_URL to the address it had at its start.',
  )
}
