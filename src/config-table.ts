// Every setting of the gateway, once: this table reads the environment, documents it and is `.env.example`.
import {
  type Parser,
  parseBaseUrl,
  parseBoolean,
  parseChoice,
  parseDatabaseUrl,
  parseFactor,
  parseHost,
  parseHttpUrl,
  parseNetworks,
  parsePort,
  parsePortOrOff,
  parseProcesses,
  parseSecretKeys,
  parseSender,
  parseSmtpUrl,
  parseSubset,
  parseText,
} from './config-parsers.ts'

/** One environment variable. */
export type Setting<T> = {
  readonly name: string
  /** What it means, for `.env.example`; one entry a line. */
  readonly doc: readonly string[]
  /** The default as it would be written, empty when there is none. */
  readonly default: string
  /** The default as it is read. */
  readonly fallback: T
  readonly parse: Parser<T>
}

function setting<T>(name: string, defaultText: string, parse: Parser<T>, doc: string[]): Setting<T> {
  const parsed = parse(defaultText)
  if (!parsed.ok) throw new Error(`The default of ${name} ${parsed.problem}`)
  return { name, doc, default: defaultText, fallback: parsed.value, parse }
}

function optional<T>(name: string, parse: Parser<T>, doc: string[]): Setting<T | null> {
  return { name, doc, default: '', fallback: null, parse }
}

/** Where Safaricom's callbacks come from, as integrators republish it. Daraja, the callback. */
const SAFARICOM_ADDRESSES = [
  ...[200, 206, 207, 208].map((last) => `196.201.214.${last}`),
  ...[44, 114].map((last) => `196.201.213.${last}`),
  ...[69, 74, 127, 128, 129, 132, 136, 138].map((last) => `196.201.212.${last}`),
].join(',')

/** What a process may do. */
export const ROLES = ['api', 'worker'] as const
const ON_OFF = ['on', 'off'] as const
const SIGN_UP_MODES = ['open', 'invitation'] as const
const QUEUE_CONNECTIONS = ['database', 'sync'] as const
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The settings, in the order in which `.env.example` shows them. */
export const SETTINGS = {
  port: setting('PORT', '4000', parsePort, ['Where the gateway listens. 0 picks a free port.']),
  host: setting('HOST', '127.0.0.1', parseHost, ['The address it listens on; 0.0.0.0 for all of them.']),
  publicUrl: optional('PUBLIC_URL', parseBaseUrl, [
    'What Daraja and browsers are told. Unset: http://127.0.0.1 and the port.',
    'Daraja sends callbacks below it: for a real shortcode it must be https and open to the internet.',
  ]),
  databaseUrl: optional('DATABASE_URL', parseDatabaseUrl, [
    'A PostgreSQL of your own, 15 or later. Unset: an embedded PostgreSQL in the data folder.',
    'Of the form postgres://user:password@host:5432/database',
  ]),
  dataDir: setting('SUKUMA_DATA_DIR', './data', parseText, [
    'Holds the embedded database, the generated secret and demo.json. Relative to this folder.',
  ]),
  secretKeys: optional('SUKUMA_SECRET', parseSecretKeys, [
    'Encrypts credentials and derives callback tokens: 32 bytes in base64 (openssl rand -base64 32).',
    'A comma list rotates it: the first seals, all of them open. Required with DATABASE_URL;',
    'unset otherwise: generated into the data folder. Whoever loses it loses the stored credentials.',
  ]),
  queueConnection: setting('QUEUE_CONNECTION', 'database', parseChoice(QUEUE_CONNECTIONS), [
    'sync: POST /api/stk-push pushes before it answers. database: it answers once the payment is committed.',
  ]),
  simulatorPort: setting('SIMULATOR_PORT', '4001', parsePortOrOff, [
    'The port of the built-in Daraja simulator, or off.',
  ]),
  simulatorSpeed: setting('SIMULATOR_SPEED', '1', parseFactor, ['Divides every delay of the simulator.']),
  roles: setting('SUKUMA_ROLES', 'api,worker', parseSubset(ROLES), [
    'What this process does: api answers requests, worker retries, reconciles and delivers webhooks.',
  ]),
  processes: setting('SUKUMA_PROCESSES', '1', parseProcesses, [
    'How many gateway processes share the port, to use more cores than one: 1 to 64, or auto for one a core.',
  ]),
  darajaSandboxUrl: setting('DARAJA_SANDBOX_URL', 'https://sandbox.safaricom.co.ke', parseBaseUrl, [
    'The base URL of Daraja for sandbox shortcodes, for proxies and tests.',
  ]),
  darajaProductionUrl: setting('DARAJA_PRODUCTION_URL', 'https://api.safaricom.co.ke', parseBaseUrl, [
    'The base URL of Daraja for production shortcodes.',
  ]),
  trustedProxies: optional('TRUSTED_PROXIES', parseNetworks, [
    'Proxies whose X-Forwarded-For is believed: addresses and networks, separated by commas.',
  ]),
  callbackAllowlist: setting('CALLBACK_ALLOWLIST', SAFARICOM_ADDRESSES, parseNetworks, [
    'Where callbacks of production shortcodes may come from: addresses and networks, separated by commas.',
  ]),
  webhookAllowPrivate: setting('WEBHOOK_ALLOW_PRIVATE', 'false', parseBoolean, [
    'true lets webhooks reach private addresses. Without it those of the simulator may, where it runs.',
  ]),
  signUp: setting('SUKUMA_SIGN_UP', 'invitation', parseChoice(SIGN_UP_MODES), [
    'Who may sign up to the dashboard once the first person has, who owns the first merchant: open (anybody,',
    'each with a merchant of their own) or invitation.',
  ]),
  smtpUrl: optional('SMTP_URL', parseSmtpUrl, [
    'The server that sends mail: invitations, new passwords, alerts. Unset: mails are printed to the log.',
    'Of the form smtps://user:password@host:465, or smtp://host:587 (STARTTLS where there is a password).',
  ]),
  mailFrom: setting('MAIL_FROM', 'Sukuma <sukuma@localhost>', parseSender, ['Whom mail is from.']),
  metricsHost: setting('METRICS_HOST', '127.0.0.1', parseHost, ['Where Prometheus metrics are served.']),
  metricsPort: setting('METRICS_PORT', '9464', parsePortOrOff, ['The port of the metrics, or off.']),
  logLevel: setting('LOG_LEVEL', 'info', parseChoice(LOG_LEVELS), [`One of ${LOG_LEVELS.join(', ')}.`]),
  demoWebhookUrl: optional('SUKUMA_DEMO_WEBHOOK_URL', parseHttpUrl, [
    "Set on the first start with the embedded database: the demo merchant's webhook endpoint.",
  ]),
  dashboard: setting('SUKUMA_DASHBOARD', 'on', parseChoice(ON_OFF), [
    'off leaves out the dashboard and the virtual phone, and npm start does not build them.',
  ]),
} as const

/** The text of `.env.example`: every setting with its meaning, each line showing the default. */
export function renderEnvExample(): string {
  const head = [
    '# Settings of Sukuma. Copy this file to .env, or set them in the environment, which wins.',
    '# Written by `npm run build` from src/config-table.ts. Each line shows the default.',
  ]
  const blocks = Object.values(SETTINGS).map((each) =>
    [...each.doc.map((line) => `# ${line}`), `#${each.name}=${each.default}`].join('\n'),
  )
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`
}
