// What a route is given, and what it is.
import type { IncomingHttpHeaders } from 'node:http'
import type { Reply } from './reply.ts'
import type { Simulation } from './simulation.ts'

/** A request whose body has been read. */
export type SimulatorRequest = {
  headers: IncomingHttpHeaders
  query: URLSearchParams
  /** The part of the path that stands for `{}` in the route, decoded; empty when the route has none. */
  param: string
  body: string
}

/** Answers one method of one path. */
export type Handler = (simulation: Simulation, request: SimulatorRequest) => Reply | Promise<Reply>

/** Handlers by path, then by method. A path may hold one `{}`, which stands for one segment. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>
