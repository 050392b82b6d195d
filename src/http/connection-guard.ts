// How many connections the server holds. A connection costs memory whether or not anything is asked on it:
// those on which no request has come in whole, or whose client does not take its answer, make room for new
// ones, the longest unused first, so that whoever opens connections and is silent keeps nobody out.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Connections held at a time, and requests under way on one of them. */
export type ConnectionLimits = { total: number; perAddress: number; pipelined: number }

/**
 * `total` is twice the requests that one key may have under way, at about 10 KiB each. `perAddress` is more
 * than a busy application or an office has. Hardly any client sends a second request before its answer.
 */
export const CONNECTION_LIMITS: ConnectionLimits = { total: 10_000, perAddress: 2_000, pipelined: 100 }

/** `underWay`: answers that have not gone out in whole; `working`: those of them that we still make. */
type Held = { address: string; underWay: number; working: number }

/**
 * Holds `server` to `limits`. Many clients share the address of a proxy: `isShared` says of which addresses
 * only the total counts.
 */
export function guardConnections(
  server: Server,
  isShared: (address: string) => boolean,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): void {
  const held = new Map<Socket, Held>()
  const resting = createResting()
  const countOf = new Map<string, number>()

  function forget(socket: Socket): void {
    const of = held.get(socket)
    if (of === undefined) return
    held.delete(socket)
    resting.delete(socket, of.address)
    const left = (countOf.get(of.address) ?? 1) - 1
    if (left > 0) countOf.set(of.address, left)
    else countOf.delete(of.address)
  }

  function end(socket: Socket): void {
    forget(socket)
    socket.destroy()
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const of = { address, underWay: 0, working: 0 }
    held.set(socket, of)
    countOf.set(address, (countOf.get(address) ?? 0) + 1)
    socket.once('close', () => forget(socket))
    const isOneTooMany = !isShared(address) && (countOf.get(address) ?? 0) > limits.perAddress
    // When none of the others rests, it is the new one that ends.
    if (isOneTooMany) end(resting.first(address) ?? socket)
    else if (held.size > limits.total) end(resting.first() ?? socket)
    if (held.has(socket)) resting.add(socket, address)
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const of = held.get(socket)
    if (of === undefined) return
    of.underWay += 1
    of.working += 1
    if (of.underWay > limits.pipelined) return end(socket)
    // A body that never comes must not keep its connection from making room.
    const isWhole = () => of.working > 0 && held.has(socket) && resting.delete(socket, of.address)
    if (hasBody(request)) request.once('end', isWhole)
    else isWhole()
    let isMade = false
    const made = () => {
      if (isMade) return
      isMade = true
      of.working -= 1
      if (of.working === 0 && held.has(socket)) resting.add(socket, of.address)
    }
    // All of the answer is written, perhaps before this is heard: what is left is for its client to take.
    if (response.writableEnded) made()
    else response.once('prefinish', made)
    response.once('close', () => {
      of.underWay -= 1
      made()
    })
  })
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** Connections that may be ended for a new one, the longest unused first: all, and by address. */
function createResting() {
  const all = new Set<Socket>()
  const byAddress = new Map<string, Set<Socket>>()
  function remove(socket: Socket, address: string): void {
    all.delete(socket)
    const theirs = byAddress.get(address)
    theirs?.delete(socket)
    if (theirs?.size === 0) byAddress.delete(address)
  }
  return {
    /** Behind all others, wherever it was. */
    add(socket: Socket, address: string): void {
      remove(socket, address)
      all.add(socket)
      const theirs = byAddress.get(address) ?? new Set()
      byAddress.set(address, theirs.add(socket))
    },
    delete: remove,
    first(address?: string): Socket | undefined {
      const among = address === undefined ? all : byAddress.get(address)
      return among?.values().next().value
    },
  }
}

/** Loopback and private addresses: nobody comes from there by himself but those behind a proxy. */
export function isInnerAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() !== 'unicast'
}
