// Server-sent events by `fetch`, as `EventSource` cannot say whose side is meant.
// It resumes where it was cut.
import { call, type RequestOptions } from './request.ts'

/** One message of a stream. */
export type StreamMessage = { id: string; event: string; data: string }

/** Where a stream stands: for the dot that says whether a page is live. */
export type StreamState = 'connecting' | 'live' | 'waiting'

/** What somebody who follows a stream does with it. */
export type StreamFollower = {
  onMessage(message: StreamMessage): void
  onState?(state: StreamState): void
  /** The stream was refused (401, 403, 404 …): it is not tried again. */
  onRefused?(error: unknown): void
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
const LAST_REFUSAL_STATUS = 499
/** Refusals that pass: too many streams or requests, a time-out. */
const PASSING = new Set([408, 425, 429])

/** `lastEventId`: where to go on; `silenceMaxMs`: a line that is silent for so long is taken for dead. */
export type StreamOptions = RequestOptions & {
  signal: AbortSignal
  lastEventId?: string | null
  silenceMaxMs?: number
}

/** Follows `path` until `options.signal` aborts, connecting again with `Last-Event-ID` whenever it is cut. */
export async function followStream(
  path: string,
  options: StreamOptions,
  follower: StreamFollower,
): Promise<void> {
  const { signal } = options
  let lastId = options.lastEventId ?? null
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    follower.onState?.('connecting')
    const watch = watchSilence(signal, options.silenceMaxMs)
    try {
      const headers: Record<string, string> = { ...options.headers, accept: 'text/event-stream' }
      if (lastId !== null) headers['last-event-id'] = lastId
      const response = await call(path, { ...options, headers, signal: watch.signal })
      follower.onState?.('live')
      pauseMs = FIRST_PAUSE_MS
      for await (const message of messagesOf(response)) {
        watch.heard()
        if (message.id !== '') lastId = message.id
        follower.onMessage(message)
      }
    } catch (error) {
      if (signal.aborted) return
      if (isFinal(error)) {
        follower.onRefused?.(error)
        return
      }
    } finally {
      watch.end()
    }
    if (signal.aborted) return
    follower.onState?.('waiting')
    await pause(pauseMs * (0.5 + Math.random()), signal)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** A signal that aborts with `outer`, and when `heard` was not called for `silenceMaxMs`. */
function watchSilence(outer: AbortSignal, silenceMaxMs: number | undefined) {
  const own = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(timer)
    if (silenceMaxMs !== undefined) timer = setTimeout(() => own.abort(), silenceMaxMs)
  }
  heard()
  return { signal: AbortSignal.any([outer, own.signal]), heard, end: () => clearTimeout(timer) }
}

function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false
  const { status } = error
  return typeof status === 'number' && status >= 400 && status <= LAST_REFUSAL_STATUS && !PASSING.has(status)
}

async function* messagesOf(response: Response): AsyncGenerator<StreamMessage> {
  if (response.body === null) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const message = readBlock(block)
        if (message !== null) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function readBlock(block: string): StreamMessage | null {
  const message: StreamMessage = { id: '', event: 'message', data: '' }
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const at = line.indexOf(':')
    if (at <= 0) continue
    const value = line.slice(at + 1).replace(/^ /, '')
    const name = line.slice(0, at)
    if (name === 'data') data.push(value)
    else if (name === 'id') message.id = value
    else if (name === 'event') message.event = value
  }
  // Comments keep the line open and say nothing.
  return data.length === 0 && message.id === '' ? null : { ...message, data: data.join('\n') }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      window.removeEventListener('online', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    // A device that is online again need not wait.
    window.addEventListener('online', done)
  })
}
