// Reads a stream of server-sent events, message by message, as a browser would.
import { until } from './gateway.ts'

/** One message. */
export type SseMessage = { id: string; event: string; data: Record<string, unknown> }

/** A stream that is being read. */
export type SseReader = AsyncDisposable & {
  status: number
  /** Everything that came so far. */
  messages: SseMessage[]
  /** Whether the server has ended it. */
  isEnded(): boolean
  /** The first message that `accept` takes, when it is there. */
  find(what: string, accept: (message: SseMessage) => boolean): Promise<SseMessage>
  close(): void
}

/** Opens the stream at `url`. */
export async function readSse(url: string, headers: Record<string, string>): Promise<SseReader> {
  const gone = new AbortController()
  const response = await fetch(url, { headers, signal: gone.signal })
  const messages: SseMessage[] = []
  let ended = false
  const reading = read(response, messages)
    .catch(() => {})
    .finally(() => {
      ended = true
    })
  return {
    status: response.status,
    messages,
    isEnded: () => ended,
    find: (what, accept) => until(what, async () => messages.find(accept)),
    close: () => gone.abort(),
    async [Symbol.asyncDispose]() {
      gone.abort()
      await reading
    },
  }
}

async function read(response: Response, messages: SseMessage[]): Promise<void> {
  if (response.body === null) return
  let held = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (held + text).split('\n\n')
    held = blocks.pop() ?? ''
    for (const block of blocks) {
      const message = readBlock(block)
      if (message !== null) messages.push(message)
    }
  }
}

function readBlock(block: string): SseMessage | null {
  const fields = new Map(block.split('\n').map((line) => splitAt(line)))
  const data = fields.get('data')
  if (data === undefined) return null
  return { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) }
}

function splitAt(line: string): [string, string] {
  const colon = line.indexOf(': ')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)]
}
