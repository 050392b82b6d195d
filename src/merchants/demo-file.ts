// `demo.json` in the data folder: what somebody needs to try the gateway on a first start.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDataFolder } from '../db/embedded/data-folder.ts'
import { writeFileDurably } from '../db/embedded/durable-file.ts'
import { parsePrefixedId, prefixedId, type Uuid } from '../ids.ts'

/** The demo merchant and how to reach the gateway as it. Holds secrets. */
export type DemoAccount = {
  merchantId: Uuid
  apiKey: string
  baseUrl: string
  /** Null when the simulator is off. */
  simulatorUrl: string | null
  /** Null when the demo merchant has no webhook endpoint. */
  webhookSecret: string | null
}

/** The draft is on disk before the database commits, so that a crash cannot lose the key that it names. */
export type DemoFileName = 'demo.json' | 'demo.json.draft'

const FILE_MODE = 0o600

/** The account in a demo file, or null when there is none or it does not read. */
export async function readDemoFile(
  dataDir: string,
  name: DemoFileName = 'demo.json',
): Promise<DemoAccount | null> {
  const text = await readFile(join(dataDir, name), 'utf8').catch(() => null)
  return text === null ? null : parseDemo(text)
}

/** Writes a demo file, on disk when this returns. */
export async function writeDemoFile(
  dataDir: string,
  account: DemoAccount,
  name: DemoFileName = 'demo.json',
): Promise<void> {
  const content = {
    merchant_id: prefixedId('mer', account.merchantId),
    api_key: account.apiKey,
    base_url: account.baseUrl,
    simulator_url: account.simulatorUrl,
    webhook_secret: account.webhookSecret,
  }
  await makeDataFolder(dataDir)
  await writeFileDurably(join(dataDir, name), `${JSON.stringify(content, null, 2)}\n`, FILE_MODE)
}

function parseDemo(text: string): DemoAccount | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null) return null
  const fields = new Map(Object.entries(parsed))
  const textOf = (name: string): string | null => {
    const value: unknown = fields.get(name)
    return typeof value === 'string' ? value : null
  }
  const merchantId = parsePrefixedId('mer', textOf('merchant_id') ?? '')
  const apiKey = textOf('api_key')
  const baseUrl = textOf('base_url')
  if (merchantId === null || apiKey === null || baseUrl === null) return null
  return {
    merchantId,
    apiKey,
    baseUrl,
    simulatorUrl: textOf('simulator_url'),
    webhookSecret: textOf('webhook_secret'),
  }
}
