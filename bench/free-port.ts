// A port on loopback that nobody listens on.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A free port; another may take it before it is used, though seldom. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('the system gave no port')
}
