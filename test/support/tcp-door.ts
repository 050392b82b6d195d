// An address that stays while the server behind it comes back on another port each time. A port that nobody
// holds may be taken by anybody; this one is held.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A door on loopback; disposing of it cuts everything. */
export type TcpDoor = AsyncDisposable & {
  /** Its address, for HTTP. */
  url: string
  /** From now on connections go through to this port. */
  open(port: number): void
  /** From now on connections are reset; those that went through go on. */
  shut(): void
}

/** Makes a door, which is shut. */
export async function makeTcpDoor(): Promise<TcpDoor> {
  const sockets = new Set<Socket>()
  let target: number | null = null
  const keep = (socket: Socket) => {
    sockets.add(socket.setNoDelay(true))
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    if (target === null) {
      client.resetAndDestroy()
      return
    }
    const inside = connect(target, '127.0.0.1')
    for (const socket of [client, inside]) keep(socket)
    client.on('error', () => inside.destroy())
    inside.on('error', () => client.destroy())
    client.pipe(inside).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open(port) {
      target = port
    },
    shut() {
      target = null
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
