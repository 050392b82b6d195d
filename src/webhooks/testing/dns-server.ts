// A DNS server for tests on a port of its own: says what it is told to, or nothing at all.
import { createSocket } from 'node:dgram'
import ipaddr from 'ipaddr.js'

/** The kinds of addresses that are asked for. */
export type RecordType = 'A' | 'AAAA'

/** Addresses, or that there is no such name; `null` never answers. */
export type DnsAnswer = readonly string[] | 'unknown' | null

/** A running server. */
export type DnsServer = AsyncDisposable & {
  /** As `Resolver.setServers` takes it. */
  address: string
  /** The names asked for, one for each question: A and AAAA are two. */
  asked: string[]
}

const HEADER_BYTES = 12
/** The name's end, its type and its class. */
const QUESTION_TAIL_BYTES = 5
const TYPES: ReadonlyMap<number, RecordType> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
])
/** An answer of a server that recurses, as asked to. */
const FLAGS = 0x8180
const NO_SUCH_NAME = 3
/** The name of the question, a class of the internet, no seconds to live. */
const POINTER_TO_QUESTION = 0xc00c
const CLASS_IN = 1

/** What is said of a name, at once or later. */
export type Zone = (name: string, type: RecordType) => DnsAnswer | Promise<DnsAnswer>

/** Serves the names of a zone. */
export async function createDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', async (query, sender) => {
    const { name, end } = readName(query)
    const code = query.readUInt16BE(end - 4)
    asked.push(name)
    const type = TYPES.get(code)
    const said = type === undefined ? [] : await zone(name, type)
    if (said !== null) socket.send(encode(query.subarray(0, end), code, said), sender.port, sender.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** The name in the question, and where the question ends. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + QUESTION_TAIL_BYTES }
}

function encode(question: Buffer, code: number, said: readonly string[] | 'unknown'): Buffer {
  const addresses = said === 'unknown' ? [] : said
  const head = Buffer.from(question)
  head.writeUInt16BE(FLAGS | (said === 'unknown' ? NO_SUCH_NAME : 0), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...addresses.map((address) => encodeRecord(code, address))])
}

function encodeRecord(code: number, address: string): Buffer {
  const data = Buffer.from(ipaddr.parse(address).toByteArray())
  const head = Buffer.alloc(HEADER_BYTES)
  head.writeUInt16BE(POINTER_TO_QUESTION, 0)
  head.writeUInt16BE(code, 2)
  head.writeUInt16BE(CLASS_IN, 4)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
