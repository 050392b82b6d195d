// The columns of grouped statements as PostgreSQL's binary arrays: reading them from text, times and ids most
// of all, was an eighth of its time for an insert. Layouts: `array_recv` and the receivers of the types.

/** How the values of one type are written. */
type Codec = {
  /** The type's number in `pg_type`, which the server compares with the parameter's. */
  oid: number
  /** The bytes that `value` takes; null when it is nothing of this type. */
  sizeOf: (value: unknown) => number | null
  /** Writes a `value` that has a size. */
  write: (bytes: Buffer, at: number, value: never) => void
}

const BYTE = 1
const INT32 = 4
const INT64 = 8
const UUID_BYTES = 16
/** Dimensions, whether there are nulls, the type; then, unless it is empty, its length and first index. */
const EMPTY_HEADER = 3 * INT32
const HEADER = 5 * INT32
const NULL_LENGTH = -1
const INT32_MAX = 2 ** 31 - 1
const TWO_TO_32 = 2 ** 32
const JSONB_VERSION = 1
const UUID_FORM = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const DASH = '-'.charCodeAt(0)
const YEAR_2000_MS = Date.UTC(2000, 0, 1)
const MICROSECONDS_A_MS = 1_000

const CODECS: Readonly<Record<string, Codec>> = {
  boolean: {
    oid: 16,
    sizeOf: (value) => (typeof value === 'boolean' ? BYTE : null),
    write: (bytes, at, value: boolean) => void bytes.writeUInt8(value ? 1 : 0, at),
  },
  bytea: {
    oid: 17,
    sizeOf: (value) => (Buffer.isBuffer(value) ? value.length : null),
    write: (bytes, at, value: Buffer) => void value.copy(bytes, at),
  },
  integer: {
    oid: 23,
    sizeOf: (value) => (isInt32(value) ? INT32 : null),
    write: (bytes, at, value: number) => void bytes.writeInt32BE(value, at),
  },
  text: {
    oid: 25,
    sizeOf: (value) => (typeof value === 'string' ? Buffer.byteLength(value) : null),
    write: (bytes, at, value: string) => void bytes.write(value, at),
  },
  timestamptz: {
    oid: 1184,
    sizeOf: (value) => (value instanceof Date && Number.isSafeInteger(microsecondsOf(value)) ? INT64 : null),
    write: writeTime,
  },
  uuid: {
    oid: 2950,
    sizeOf: (value) => (typeof value === 'string' && UUID_FORM.test(value) ? UUID_BYTES : null),
    write: writeUuid,
  },
  jsonb: {
    oid: 3802,
    sizeOf: (value) => (typeof value === 'string' ? BYTE + Buffer.byteLength(value) : null),
    write(bytes, at, value: string) {
      bytes.writeUInt8(JSONB_VERSION, at)
      bytes.write(value, at + BYTE)
    },
  },
}

/**
 * `values` as a one-dimensional array of `type` in binary. Null when the type is none of those above, or a
 * value nothing of it (a time outside the years 1715 to 2284): such a column is for the driver to write.
 */
export function binaryArray(type: string, values: readonly unknown[]): Buffer | null {
  const codec = CODECS[type]
  const sizes = values.map((value) => (isNull(value) ? NULL_LENGTH : (codec?.sizeOf(value) ?? null)))
  if (codec === undefined || !sizes.every((size) => size !== null)) return null
  const total = sizes.reduce((sum, size) => sum + INT32 + Math.max(size, 0), HEADER)
  const bytes = Buffer.allocUnsafe(sizes.length === 0 ? EMPTY_HEADER : total)
  let at = writeHeader(bytes, codec.oid, sizes)
  for (const [place, size] of sizes.entries()) {
    at = bytes.writeInt32BE(size, at)
    if (size === NULL_LENGTH) continue
    codec.write(bytes, at, values[place] as never)
    at += size
  }
  return bytes
}

function writeHeader(bytes: Buffer, oid: number, sizes: readonly number[]): number {
  const isEmpty = sizes.length === 0
  let at = bytes.writeInt32BE(isEmpty ? 0 : 1, 0)
  at = bytes.writeInt32BE(sizes.includes(NULL_LENGTH) ? 1 : 0, at)
  at = bytes.writeInt32BE(oid, at)
  if (isEmpty) return at
  at = bytes.writeInt32BE(sizes.length, at)
  return bytes.writeInt32BE(1, at)
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INT32_MAX
}

function microsecondsOf(time: Date): number {
  return (time.getTime() - YEAR_2000_MS) * MICROSECONDS_A_MS
}

/** As one number of 64 bits in two halves: a BigInt for each would take several times as long. */
function writeTime(bytes: Buffer, at: number, time: Date): void {
  const microseconds = microsecondsOf(time)
  const high = Math.floor(microseconds / TWO_TO_32)
  bytes.writeInt32BE(high, at)
  bytes.writeUInt32BE(microseconds - high * TWO_TO_32, at + INT32)
}

function writeUuid(bytes: Buffer, at: number, text: string): void {
  let to = at
  for (let place = 0; place < text.length; place += 2) {
    if (text.charCodeAt(place) === DASH) place += 1
    bytes[to] = (nibbleAt(text, place) << 4) | nibbleAt(text, place + 1)
    to += 1
  }
}

/** The value of a hexadecimal digit: letters of either case have 1 to 6 in their low bits, and 64. */
function nibbleAt(text: string, place: number): number {
  const code = text.charCodeAt(place)
  return (code & 15) + (code >> 6) * 9
}
