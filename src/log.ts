// Logging: structured lines by pino, with secrets and full phone numbers kept out.
import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** Field names whose values never reach a log line, at any of the first two levels. */
const SECRET_FIELDS = [
  'authorization',
  'password',
  'passkey',
  'consumerKey',
  'consumerSecret',
  'secret',
  'apiKey',
  'token',
  'cookie',
]

/** A logger that writes JSON lines; `destination` defaults to standard output. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`])
  const options = { level, base: null, redact: { paths, censor: '[hidden]' } }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = pino({ level: 'silent' })

/** `254712345678` as `2547*****678`: enough to recognise, too little to know. */
export function maskPhone(phone: string): string {
  if (phone.length < 8) return '*'.repeat(phone.length)
  return `${phone.slice(0, 4)}${'*'.repeat(phone.length - 7)}${phone.slice(-3)}`
}
