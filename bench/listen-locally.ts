// A server of the benchmark on a free port of this machine.
import { once } from 'node:events'
import type { Server } from 'node:http'

/** Listens on loopback; resolves to the server's URL. */
export async function listenLocally(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port')
  return `http://127.0.0.1:${address.port}`
}
