// What a gateway process and the one above it say to each other, over Node's channel between them.
import type { Config } from '../config.ts'
import type { Gateway } from '../main.ts'
import type { MetricsSnapshot } from '../metrics.ts'

/** What a gateway process is to know before it can start. */
export type StartOrder = {
  kind: 'start'
  /** Which of the processes it is, from 1. */
  slot: number
  config: Config
  /** Null: the database is the user's own. */
  embeddedUrl: string | null
  simulatorUrl: string | null
}

/** To a gateway process. */
export type WorkerOrder = StartOrder | { kind: 'metrics'; id: number } | { kind: 'end' }

/** What a gateway process says once it serves. */
export type ReadyReport = Pick<Gateway, 'url' | 'demo' | 'signInUrl'>

/** From a gateway process. */
export type WorkerReport =
  | ({ kind: 'ready' } & ReadyReport)
  | { kind: 'failed'; message: string; code: string | null }
  | { kind: 'metrics'; id: number; snapshot: MetricsSnapshot }

/** Both ends are this program in one version. */
export function readOrder(message: unknown): WorkerOrder {
  return message as WorkerOrder
}

/** Both ends are this program in one version. */
export function readReport(message: unknown): WorkerReport {
  return message as WorkerReport
}
