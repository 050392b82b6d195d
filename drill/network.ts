// The network between the gateways and Daraja: passes bytes on, and now and then is silent, refuses or is
// slow. What arrives while it is silent is lost for good, never delivered late: a request that turned up long
// after its sender had given up would be this drill's own doing.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Arrivals } from './arrivals.ts'
import type { NetworkTrouble } from './plan.ts'

/** A stretch of network that can be troubled. */
export type Network = {
  port: number
  /** Begins a trouble; null ends it, and with it every connection that has met it. */
  set(trouble: NetworkTrouble | null): Promise<void>
  close(): Promise<void>
}

/**
 * How long answers are held back while the network is slow: a quarter of a minute by the fast clock, and
 * tokens longer, so that payments with a short life expire between their commit and their push.
 */
const SLOW_MS = 500
const SLOW_TOKEN_MS = 1_600
const TOKEN_REQUEST = 'GET /oauth'

type Pair = { client: Socket; server: Socket; heldUntilMs: number; isToken: boolean }

/** A network that leads to `targetPort` on this machine. */
export async function createNetwork(
  deps: { arrivals: Pick<Arrivals, 'note'> },
  targetPort: number,
): Promise<Network> {
  const pairs = new Set<Pair>()
  let trouble: NetworkTrouble | null = null
  const listener = createServer((client) => {
    const pair = { client, server: connect(targetPort, '127.0.0.1'), heldUntilMs: 0, isToken: false }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      pair.server.destroy()
    }
    for (const socket of [client, pair.server]) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
    client.on('data', (chunk: Buffer) => {
      // A connection carries one request at a time, and each begins with a piece of its own.
      pair.isToken = chunk.toString('latin1', 0, TOKEN_REQUEST.length) === TOKEN_REQUEST
      if (trouble === 'silent') return
      deps.arrivals.note(chunk)
      pair.server.write(chunk)
    })
    pair.server.on('data', (chunk: Buffer) => {
      if (trouble !== 'silent') passBack(pair, chunk, trouble === 'slow')
    })
  })
  const port = await listen(listener, 0)
  const cut = () => {
    for (const { client, server } of pairs) {
      client.destroy()
      server.destroy()
    }
  }
  return {
    port,
    async set(next) {
      const before = trouble
      trouble = next
      if (before === 'silent') cut()
      if (before === 'refused') await listen(listener, port)
      if (next !== 'refused') return
      listener.close()
      cut()
    },
    async close() {
      cut()
      listener.close()
    },
  }
}

/** In order: what is held back holds back what comes after it. */
function passBack(pair: Pair, chunk: Buffer, slow: boolean): void {
  const nowMs = performance.now()
  if (slow) pair.heldUntilMs = Math.max(pair.heldUntilMs, nowMs + (pair.isToken ? SLOW_TOKEN_MS : SLOW_MS))
  if (pair.heldUntilMs <= nowMs) {
    pair.client.write(chunk)
    return
  }
  setTimeout(() => pair.client.writable && pair.client.write(chunk), pair.heldUntilMs - nowMs)
}

/** Listens on loopback and resolves to the port. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('the system gave no port')
}
