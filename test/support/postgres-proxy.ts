// Stands between a gateway and PostgreSQL, and does to their connections what networks, failing servers and
// full disks do: cuts them in the middle of a statement, stalls, delays, refuses, or answers with an error.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What the proxy does to traffic; `statement` is the name of a prepared one. */
export type ProxyFault =
  | { kind: 'none' }
  /** New connections are reset. */
  | { kind: 'refuse' }
  /** Connections are accepted and kept, and nothing passes either way until the fault ends. */
  | { kind: 'stall' }
  /** Every answer comes so much later. */
  | { kind: 'delay'; answerMs: number }
  /** The connection is cut before the server gets the statement. */
  | { kind: 'cut_before'; statement: string }
  /** The server has executed and committed it; the connection is cut in place of the answer. */
  | { kind: 'cut_after'; statement: string }
  /** The server never gets it, and the client is told so. */
  | { kind: 'error'; statement: string; state: string; text: string }

/** A proxy on loopback; disposing of it cuts everything. */
export type PostgresProxy = AsyncDisposable & {
  /** The address of `databaseUrl` by way of the proxy; later ones take the place of the first. */
  through(databaseUrl: string): string
  /** New connections go to this port. */
  retarget(port: number): void
  /** Ends the fault before it. */
  set(fault: ProxyFault): void
  /** Resets all connections. */
  cutAll(): void
  /** How often a fault with a statement has struck. */
  readonly strikes: number
  /** Connections that are open now. */
  readonly open: number
}

type Line = { client: Socket; server: Socket; lastStatement: string | null; held: (() => void)[] }
type State = { fault: ProxyFault; port: number; strikes: number; lines: Set<Line> }

/** Starts a proxy. It goes nowhere until `through` or `retarget` tells it where. */
export async function startPostgresProxy(): Promise<PostgresProxy> {
  const state: State = { fault: { kind: 'none' }, port: 0, strikes: 0, lines: new Set() }
  const server = createServer((client) => accept(state, client)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cutAll = () => {
    for (const line of state.lines) cut(state, line)
  }
  return {
    through(databaseUrl) {
      const url = new URL(databaseUrl)
      state.port = Number(url.port)
      url.port = String(portOf(server))
      return url.href
    },
    retarget(port) {
      state.port = port
    },
    set(fault) {
      state.fault = fault
      for (const line of state.lines) for (const go of line.held.splice(0)) go()
    },
    cutAll,
    get strikes() {
      return state.strikes
    },
    get open() {
      return state.lines.size
    },
    async [Symbol.asyncDispose]() {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen')
  return address.port
}

function accept(state: State, client: Socket): void {
  if (state.fault.kind === 'refuse') {
    client.resetAndDestroy()
    return
  }
  const server = connect(state.port, '127.0.0.1')
  const line: Line = { client, server, lastStatement: null, held: [] }
  state.lines.add(line)
  for (const socket of [client, server]) {
    socket.setNoDelay(true)
    socket.on('error', () => cut(state, line))
    socket.on('close', () => cut(state, line))
  }
  client.on('data', (chunk: Buffer) => pass(state, line, () => toServer(state, line, chunk)))
  server.on('data', (chunk: Buffer) => pass(state, line, () => toClient(state, line, chunk)))
}

function cut(state: State, line: Line): void {
  if (!state.lines.delete(line)) return
  line.client.resetAndDestroy()
  line.server.destroy()
}

/** In order, also when some of it was held up by a stall. */
function pass(state: State, line: Line, go: () => void): void {
  if (state.fault.kind === 'stall' || line.held.length > 0) line.held.push(go)
  else go()
}

/** The end of every request of the extended protocol: a Sync message. */
const SYNC = Buffer.from([0x53, 0, 0, 0, 4])
/** The end of every answer, but for the state of the transaction: ReadyForQuery. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5])
const IDLE = Buffer.from('I')

function toServer(state: State, line: Line, chunk: Buffer): void {
  const { fault } = state
  if ('statement' in fault && chunk.includes(fault.statement)) line.lastStatement = fault.statement
  const isStruck = 'statement' in fault && line.lastStatement === fault.statement
  if (!isStruck) line.lastStatement = null
  if (isStruck && fault.kind === 'cut_before') {
    state.strikes += 1
    cut(state, line)
  } else if (isStruck && fault.kind === 'error') {
    if (!chunk.subarray(-SYNC.length).equals(SYNC)) return
    state.strikes += 1
    line.lastStatement = null
    line.client.write(Buffer.concat([errorResponse(fault.state, fault.text), READY, IDLE]))
  } else {
    line.server.write(chunk)
  }
}

function toClient(state: State, line: Line, chunk: Buffer): void {
  const { fault } = state
  if (fault.kind === 'cut_after' && line.lastStatement === fault.statement) {
    // Answers may come in parts; the last one says that it is committed.
    if (!chunk.subarray(-READY.length - IDLE.length, -IDLE.length).equals(READY)) return
    state.strikes += 1
    cut(state, line)
  } else if (fault.kind === 'delay') {
    setTimeout(() => line.client.write(chunk), fault.answerMs)
  } else {
    line.client.write(chunk)
  }
}

function errorResponse(state: string, text: string): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0C${state}\0M${text}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeUInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
