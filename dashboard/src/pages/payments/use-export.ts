// An export on its way: rows as they come, how it ended, and the way to stop it.
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Side } from '../../api/request.ts'
import { openSink } from './export-sink.ts'

/** How an export stands. `rows` are those that have come; `expected` is an estimate. */
export type ExportState =
  | { kind: 'idle' }
  | { kind: 'running'; rows: number; expected: number | null }
  | { kind: 'done'; rows: number }
  | { kind: 'cancelled'; rows: number }
  | { kind: 'failed'; rows: number; error: unknown }

const LINE_FEED = 10
/** Often enough to see it move. */
const SHOWN_EVERY_MS = 200

/** Runs one export at a time. */
export function useExport(side: Side) {
  const [state, setState] = useState<ExportState>({ kind: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = useCallback(
    async (query: URLSearchParams, fileName: string) => {
      const stop = new AbortController()
      const sink = await openSink(fileName)
      if (sink === null) return
      running.current = stop
      let rows = 0
      setState({ kind: 'running', rows, expected: null })
      try {
        const path = `/v1/payments/export?${query}`
        const response = await call(path, { side, signal: stop.signal, headers: { accept: 'text/csv' } })
        const expected = estimateOf(response)
        let shownAt = 0
        for await (const bytes of bytesOf(response)) {
          await sink.write(bytes)
          rows += countLines(bytes)
          if (performance.now() - shownAt < SHOWN_EVERY_MS) continue
          shownAt = performance.now()
          setState({ kind: 'running', rows: rowsOf(rows), expected })
        }
        await sink.finish()
        setState({ kind: 'done', rows: rowsOf(rows) })
      } catch (error) {
        await sink.discard().catch(() => undefined)
        const isCancelled = stop.signal.aborted
        setState(
          isCancelled
            ? { kind: 'cancelled', rows: rowsOf(rows) }
            : { kind: 'failed', rows: rowsOf(rows), error },
        )
      }
    },
    [side],
  )
  const cancel = useCallback(() => running.current?.abort(), [])
  const close = useCallback(() => setState({ kind: 'idle' }), [])
  return { state, start, cancel, close }
}

/** The first line names the columns. */
const rowsOf = (lines: number) => Math.max(0, lines - 1)

function estimateOf(response: Response): number | null {
  const estimate = Number(response.headers.get('sukuma-rows-estimate') ?? Number.NaN)
  return Number.isFinite(estimate) && estimate > 0 ? estimate : null
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0
  for (const byte of bytes) if (byte === LINE_FEED) lines += 1
  return lines
}
