// The little that is used of the engines' packages: types are checked where they are not installed too.
declare module 'graphile-worker' {
  export class Logger {
    constructor(factory: () => (level: string, message: string) => void)
  }
  export const WorkerPreset: object
  export type WorkerUtils = {
    migrate(): Promise<void>
    addJobs(jobs: readonly { identifier: string; payload: unknown }[]): Promise<unknown>
    release(): Promise<void>
  }
  export function makeWorkerUtils(options: { connectionString: string; logger: Logger }): Promise<WorkerUtils>
  export type Runner = { stop(): Promise<void>; promise: Promise<void> }
  export function run(options: {
    preset: { extends: object[]; worker: object }
    taskList: Record<string, (payload: unknown) => Promise<void>>
    noHandleSignals: boolean
  }): Promise<Runner>
}

declare module 'bullmq' {
  export type Connection = { host: string; port: number; maxRetriesPerRequest: null }
  export class Queue {
    constructor(name: string, options: { connection: Connection })
    getJobCountByTypes(...types: string[]): Promise<number>
    addBulk(jobs: readonly { name: string; data: unknown; opts: object }[]): Promise<unknown>
    close(): Promise<void>
  }
  export class Worker {
    constructor(
      name: string,
      run: (job: { data: unknown }) => Promise<void>,
      options: { connection: Connection; concurrency: number },
    )
    on(event: 'error' | 'failed', listener: (...reasons: unknown[]) => void): this
    waitUntilReady(): Promise<unknown>
    close(): Promise<void>
  }
}
