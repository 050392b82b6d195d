// For tests: a page's end of the watch, which connects by real HTTP and keeps what it was told.
import { until } from './testbed.ts'
import type { WatchEvents } from './watch-stream.ts'

/** What a page was told, by the names of the events. */
export type Watched = { [Name in keyof WatchEvents]: WatchEvents[Name][] }

/** A page that watches; disposing of it closes its connection. */
export type WatchClient = AsyncDisposable & {
  told: Watched
  /** Waits for the latest event of this name to be as wanted, and answers it. */
  latest<Name extends keyof WatchEvents>(
    name: Name,
    isWanted: (event: WatchEvents[Name]) => boolean,
  ): Promise<WatchEvents[Name]>
}

/** Connects with this query, such as `numbers=254712345678&ledger=true`. */
export async function openWatch(simulatorUrl: string, query: string): Promise<WatchClient> {
  const controller = new AbortController()
  const response = await fetch(`${simulatorUrl}/simulator/watch?${query}`, { signal: controller.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (response.status !== 200 || reader === undefined) throw new Error(`watch answered ${response.status}`)
  const told: Watched = { phone: [], ledger: [], settings: [] }
  const reading = readEvents(reader, told)
  return {
    told,
    async latest(name, isWanted) {
      const found = () => {
        const last = told[name].at(-1)
        return last !== undefined && isWanted(last) ? last : undefined
      }
      await until(() => found() !== undefined, `no such ${name}: ${JSON.stringify(told[name].at(-1))}`)
      const event = found()
      if (event === undefined) throw new Error(`the ${name} changed again`)
      return event
    },
    async [Symbol.asyncDispose]() {
      controller.abort()
      await reading
    },
  }
}

async function readEvents(reader: ReadableStreamDefaultReader<string>, told: Watched): Promise<void> {
  let unread = ''
  for (;;) {
    // An aborted connection is how every watch ends.
    const chunk = await reader.read().catch(() => ({ done: true, value: undefined }))
    if (chunk.done || chunk.value === undefined) return
    const blocks = (unread + chunk.value).split('\n\n')
    unread = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
      if (name === 'phone') told.phone.push(JSON.parse(data))
      if (name === 'ledger') told.ledger.push(JSON.parse(data))
      if (name === 'settings') told.settings.push(JSON.parse(data))
    }
  }
}
