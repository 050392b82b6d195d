// The configuration: the only reader of the process's environment. Everything wrong is reported at once.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { isServiceAddress } from './config-parsers.ts'
import { type ROLES, SETTINGS, type Setting } from './config-table.ts'

/** The folder that holds package.json: home of `.env`, and what a relative data folder is relative to. */
export const PROJECT_ROOT: string = fileURLToPath(new URL('..', import.meta.url))

/** What a process may do. */
export type Role = (typeof ROLES)[number]

/** The settings of one process, read and checked. */
export type Config = {
  readonly host: string
  /** 0 means any free port. */
  readonly port: number
  /** Without a closing slash; null when not given, so that it follows the port once that is known. */
  readonly publicUrl: string | null
  /** Null means the embedded PostgreSQL. */
  readonly databaseUrl: string | null
  /** An absolute path. */
  readonly dataDir: string
  /** 32 bytes each, the first one seals; null means the file in the data folder. */
  readonly secretKeys: readonly Buffer[] | null
  readonly queueConnection: 'database' | 'sync'
  /** Null means no simulator, 0 any free port. */
  readonly simulatorPort: number | null
  /** Divides every delay of the simulator. */
  readonly simulatorSpeed: number
  readonly roles: ReadonlySet<Role>
  /** Gateway processes that share the port and what is allowed to this machine. */
  readonly processes: number
  readonly darajaSandboxUrl: string
  readonly darajaProductionUrl: string
  /** Networks in CIDR form. */
  readonly trustedProxies: readonly string[]
  /** Networks in CIDR form; binds production shortcodes only. */
  readonly callbackAllowlist: readonly string[]
  readonly webhookAllowPrivate: boolean
  readonly signUp: 'open' | 'invitation'
  /** Null means that mail is printed to the log. It may hold a password. */
  readonly smtpUrl: string | null
  readonly mailFrom: string
  readonly metricsHost: string
  /** Null means no metrics, 0 any free port. */
  readonly metricsPort: number | null
  readonly logLevel: string
  readonly demoWebhookUrl: string | null
  /** Whether the dashboard and the virtual phone are served. */
  readonly dashboard: boolean
}

/** The configuration with what is doubtful about it, or every error at once, each with its remedy. */
export type LoadedConfig =
  | { ok: true; config: Config; warnings: readonly string[] }
  | { ok: false; errors: readonly string[] }

/** Names to values; an absent and an empty value are the same. */
export type EnvironmentVariables = Record<string, string | undefined>

/** The environment of this process over the `.env` file of `folder`, where there is one. */
export function readEnvironment(folder: string = PROJECT_ROOT): EnvironmentVariables {
  return { ...readEnvFile(resolve(folder, '.env')), ...process.env }
}

function readEnvFile(path: string): EnvironmentVariables {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** Reads and checks the configuration. Errors never repeat a secret. */
export function loadConfig(env: EnvironmentVariables): LoadedConfig {
  const errors: string[] = []
  function read<T>(setting: Setting<T>): T {
    const text = env[setting.name]?.trim() ?? ''
    if (text === '') return setting.fallback
    const parsed = setting.parse(text)
    if (parsed.ok) return parsed.value
    errors.push(`${setting.name} ${parsed.problem}.`)
    return setting.fallback
  }
  const config: Config = {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    publicUrl: read(SETTINGS.publicUrl),
    databaseUrl: read(SETTINGS.databaseUrl),
    dataDir: resolve(PROJECT_ROOT, read(SETTINGS.dataDir)),
    secretKeys: read(SETTINGS.secretKeys),
    queueConnection: read(SETTINGS.queueConnection),
    simulatorPort: read(SETTINGS.simulatorPort),
    simulatorSpeed: read(SETTINGS.simulatorSpeed),
    roles: read(SETTINGS.roles),
    processes: read(SETTINGS.processes),
    darajaSandboxUrl: read(SETTINGS.darajaSandboxUrl),
    darajaProductionUrl: read(SETTINGS.darajaProductionUrl),
    trustedProxies: read(SETTINGS.trustedProxies) ?? [],
    callbackAllowlist: read(SETTINGS.callbackAllowlist),
    webhookAllowPrivate: read(SETTINGS.webhookAllowPrivate),
    signUp: read(SETTINGS.signUp),
    smtpUrl: read(SETTINGS.smtpUrl),
    mailFrom: read(SETTINGS.mailFrom),
    metricsHost: read(SETTINGS.metricsHost),
    metricsPort: read(SETTINGS.metricsPort),
    logLevel: read(SETTINGS.logLevel),
    demoWebhookUrl: read(SETTINGS.demoWebhookUrl),
    dashboard: read(SETTINGS.dashboard) === 'on',
  }
  errors.push(...findContradictions(config, env), ...findUnknownNames(env))
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config, warnings: findDoubts(config) }
}

function findContradictions(config: Config, env: EnvironmentVariables): string[] {
  const errors: string[] = []
  if (config.databaseUrl !== null && config.secretKeys === null && !env.SUKUMA_SECRET?.trim()) {
    errors.push(
      'SUKUMA_SECRET is required with DATABASE_URL, the same for every process. ' +
        'Make one with: openssl rand -base64 32.',
    )
  }
  const ports: [string, number | null][] = [
    ['PORT', config.port],
    ['SIMULATOR_PORT', config.simulatorPort],
    ['METRICS_PORT', config.metricsPort],
  ]
  for (const [index, [name, port]] of ports.entries()) {
    const twin = ports.slice(0, index).find(([, other]) => port !== 0 && port !== null && other === port)
    if (twin) errors.push(`${name} and ${twin[0]} are both ${port}: give one of them another port.`)
  }
  return errors
}

const OWN_PREFIX = 'SUKUMA_'
/** What Kubernetes tells each pod of its services; their `<NAME>_PORT` is known by its value. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
/** Slips of the finger, one in three letters at the most; beyond that another name was meant. */
const TYPO_DISTANCE_MAX = 3
const LETTERS_PER_TYPO = 3

function findUnknownNames(env: EnvironmentVariables): string[] {
  const known = Object.values(SETTINGS).map((setting) => setting.name)
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith(OWN_PREFIX) && !known.includes(name) && !isServiceLink(name, env[name] ?? ''),
  )
  return unknown.sort().map((name) => {
    const meant = nearestName(name, known)
    const remedy = meant === null ? 'Remove it; .env.example lists every setting' : `Did you mean ${meant}?`
    return `${name} is no setting of Sukuma. ${remedy}${remedy.endsWith('?') ? '' : '.'}`
  })
}

function isServiceLink(name: string, value: string): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && isServiceAddress(value))
}

function nearestName(name: string, known: string[]): string | null {
  // SUKUMA_PORT is as likely as SUKUMA_ROLE.
  const bareOf = (text: string) => (text.startsWith(OWN_PREFIX) ? text.slice(OWN_PREFIX.length) : text)
  const ranked = known
    .map((each) => ({ each, bare: bareOf(each), distance: editDistance(bareOf(name), bareOf(each)) }))
    .filter(({ bare, distance }) => distance <= Math.min(TYPO_DISTANCE_MAX, bare.length / LETTERS_PER_TYPO))
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.each ?? null
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const swap = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** Daraja refuses or drops a CallBackURL that holds one of these in any case. Daraja, STK push. */
const REFUSED_WORDS = ['mpesa', 'safaricom', 'exec', 'exe', 'cmd', 'sql', 'query', 'ngrok']
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function findDoubts(config: Config): string[] {
  if (config.publicUrl === null) return []
  const warnings: string[] = []
  const url = new URL(config.publicUrl)
  const spoken = `${url.host}${url.pathname}`.toLowerCase()
  const word = REFUSED_WORDS.find((each) => spoken.includes(each))
  if (word !== undefined) {
    warnings.push(
      `PUBLIC_URL holds "${word}": Daraja refuses callback URLs with that word, so sandbox and production ` +
        'payments would fail. Use another host name or path.',
    )
  }
  if (url.protocol === 'http:' && !LOOPBACK_HOST.test(url.hostname)) {
    warnings.push(
      'PUBLIC_URL is plain http: Daraja sends production callbacks to https only. ' +
        'Put a TLS proxy in front and give its https URL.',
    )
  }
  return warnings
}
