// A mail server that takes connections and never says a word, for tests of what waits for it.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A running server; disposing of it closes all connections. */
export type SilentServer = AsyncDisposable & {
  url: string
  /** The first connection. */
  connected: Promise<Socket>
  /** How many there have been. */
  connections(): number
}

/** Starts a server on a free port. */
export async function startSilentServer(): Promise<SilentServer> {
  const sockets: Socket[] = []
  const { promise: connected, resolve } = Promise.withResolvers<Socket>()
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined).resume()
    resolve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    connected,
    connections: () => sockets.length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
