// Requests written byte by byte, for what no HTTP client sends.
import { connect, type Socket } from 'node:net'
import type { Answer } from './gateway.ts'

/** What came back on a connection until it was closed; no status when it was no HTTP. */
export type RawAnswer = { status: number | null; text: string }

/** A connection to a gateway. */
export type RawConnection = {
  socket: Socket
  write(bytes: string | Buffer): void
  /** Resolves when the other side has closed it, or it broke. */
  closed: Promise<RawAnswer>
}

/** Connects to the server of `url`. */
export function connectRaw(url: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
  // A reset is an answer too; 'close' follows.
  socket.on('error', () => undefined)
  const closed = new Promise<RawAnswer>((resolve) => {
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
      resolve({ status: status === undefined ? null : Number(status), text })
    })
  })
  return { socket, write: (bytes) => socket.write(bytes), closed }
}

/** Sends `bytes` and nothing more; what came back. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const connection = connectRaw(url)
  connection.socket.end(bytes)
  return connection.closed
}

/** What came back as an answer of a client's; its body must be JSON, and as long as it says. */
export function readRaw({ status, text }: RawAnswer): Answer {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const lines = head.split('\r\n').slice(1)
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]))
  if (Number(headers.get('content-length')) !== Buffer.byteLength(body)) throw new Error(`cut off: ${text}`)
  return { status: status ?? 0, headers, body: JSON.parse(body), text: body }
}
