// What stands before two gateways under one public address: passes each connection to one of them in turn,
// and to the other when that one is not there.
import { connect, createServer, type Socket } from 'node:net'
import { listen } from './network.ts'

/** Starts it before the gateways on these ports; resolves to its own port. */
export async function startFront(gatewayPorts: readonly number[]): Promise<{ port: number }> {
  let turn = 0
  const server = createServer((client) => {
    turn += 1
    client.pause()
    pass(client, [...gatewayPorts.slice(turn % 2), ...gatewayPorts.slice(0, turn % 2)])
  })
  return { port: await listen(server, 0) }
}

function pass(client: Socket, ports: readonly number[]): void {
  const [port, ...others] = ports
  client.on('error', () => client.destroy())
  if (port === undefined) {
    client.destroy()
    return
  }
  const gateway = connect(port, '127.0.0.1')
  gateway.setNoDelay(true)
  gateway.once('connect', () => {
    gateway.on('close', () => client.destroy())
    client.on('close', () => gateway.destroy())
    client.pipe(gateway).pipe(client)
  })
  gateway.on('error', () => {
    // Before a byte was passed on, the other one may have it.
    if (gateway.bytesWritten === 0 && gateway.bytesRead === 0 && !client.destroyed) pass(client, others)
    else client.destroy()
  })
}
