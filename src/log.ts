// Logging: structured lines by pino, with secrets and full phone numbers kept out.
import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/** Field names whose values never reach a log line, at any of the first two levels. */
const SECRET_FIELDS = new Set([
  'authorization',
  'password',
  'passkey',
  'consumerKey',
  'consumerSecret',
  'secret',
  'apiKey',
  'token',
  'cookie',
])
const HIDDEN = '[hidden]'

/** Lines are written this many characters at a time: a write for each cost more than making them. */
const WRITE_CHARACTERS = 16_384
/** And no later than this. A process that is killed loses that much of its log, and of nothing else. */
const WRITE_WITHIN_MS = 100

/** A logger that writes JSON lines; `destination` defaults to standard output, in a few larger writes. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  // Not by pino's own redaction, which took three times as long as all the rest of a line.
  const hide = [...SECRET_FIELDS].map((field) => [field, () => HIDDEN] as const)
  const serializers = { err: describeError, ...Object.fromEntries(hide) }
  const options = { level, base: null, serializers, formatters: { log: hideNestedSecrets } }
  return pino(options, destination ?? createOutput())
}

/** Standard output. What waits is written before the process ends, however it ends but by a kill. */
function createOutput(): DestinationStream & { flushSync(): void } {
  const output = pino.destination({ dest: 1, sync: true })
  // Gathered here: the destination's own buffer is measured again, from its start, at every line.
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const lines = waiting
    waiting = ''
    // Whoever read the output may be gone: that is no reason to stop, and the destination sees to it.
    if (lines !== '') output.write(lines)
  }
  process.once('exit', flush)
  return {
    write(line) {
      waiting += line
      if (waiting.length >= WRITE_CHARACTERS) return flush()
      timer ??= setTimeout(flush, WRITE_WITHIN_MS).unref()
    },
    flushSync: flush,
  }
}

type Fields = Record<string, unknown>

/** The same fields, or a copy of them in which the secrets of inner objects are hidden. */
function hideNestedSecrets(fields: Fields): Fields {
  let copy: Fields | null = null
  for (const name in fields) {
    const value = fields[name]
    const shown = isPlainObject(value) ? hideSecrets(value) : value
    if (shown === value) continue
    copy ??= { ...fields }
    copy[name] = shown
  }
  return copy ?? fields
}

function hideSecrets(fields: Fields): Fields {
  const isSecret = (name: string) => SECRET_FIELDS.has(name)
  if (!Object.keys(fields).some(isSecret)) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecret(name) ? HIDDEN : value]),
  )
}

/** What PostgreSQL says of the row or the text that it refused: phone numbers, and whatever a row holds. */
const ROW_FIELDS = new Set(['detail', 'where', 'internalQuery'])

/** As pino tells an error, with its own fields and the errors in it, but not with the values of a row. */
function describeError(error: Error): Fields {
  return hideSecrets(withoutRows({ ...pino.stdSerializers.err(error) }))
}

function withoutRows(told: Fields): Fields {
  const kept = Object.entries(told).filter(([name]) => !ROW_FIELDS.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutRowsOf(value)]))
}

/** Of what stands in a field. Pino has told the errors there in the same way. */
function withoutRowsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRowsOf)
  return isToldError(value) ? withoutRows(value) : value
}

function isToldError(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value
}

/** Errors and other instances are not: those have serialisers. */
function isPlainObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = pino({ level: 'silent' })

/** `254712345678` as `2547*****678`: enough to recognise, too little to know. */
export function maskPhone(phone: string): string {
  if (phone.length < 8) return '*'.repeat(phone.length)
  return `${phone.slice(0, 4)}${'*'.repeat(phone.length - 7)}${phone.slice(-3)}`
}

/**
 * `text` with a number masked wherever it stands, with letters about it too, in whichever form somebody wrote
 * it: what forgetting the number masks in a payment.
 */
export function maskPhoneIn(text: string, phone: string): string {
  const national = /[17]\d{8}$/.exec(phone)?.[0]
  if (national === undefined) return text
  return text.replace(new RegExp(`(?<!\\d)(?:\\+?254|0)?${national}(?!\\d)`, 'g'), maskPhone(phone))
}
