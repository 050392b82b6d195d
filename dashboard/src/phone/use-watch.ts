// The page's live connection to the simulator. A lost one is made again, and then tells everything anew.
import { useEffect, useReducer } from 'react'
import { afterNews, NOTHING_TOLD, type WatchNews, type WatchState } from './watch-state.ts'

/** Browsers connect again by themselves, but not after a refusal. */
const AFTER_REFUSAL_MS = 3_000

/** Is these phones for as long as the page shows them. */
export function useWatch(numbers: readonly string[], withLedger: boolean): WatchState {
  const [state, tell] = useReducer(afterNews, NOTHING_TOLD)
  const query = new URLSearchParams({ numbers: numbers.join(','), ledger: String(withLedger) }).toString()
  useEffect(() => openWatch(`/simulator/watch?${query}`, tell), [query])
  return state
}

function openWatch(address: string, tell: (news: WatchNews) => void): () => void {
  let timer = 0
  let source: EventSource
  const open = (): void => {
    source = new EventSource(address)
    source.addEventListener('open', () => tell({ kind: 'connected' }))
    source.addEventListener('error', () => {
      tell({ kind: 'lost' })
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(open, AFTER_REFUSAL_MS)
    })
    // Each event holds what its name says (docs/simulator.md).
    source.addEventListener('phone', ({ data }) =>
      tell({ kind: 'phone', phone: JSON.parse(data), toldAtMs: performance.now() }),
    )
    source.addEventListener('ledger', ({ data }) => tell({ kind: 'ledger', ...JSON.parse(data) }))
    source.addEventListener('settings', ({ data }) => tell({ kind: 'settings', settings: JSON.parse(data) }))
  }
  open()
  return () => {
    window.clearTimeout(timer)
    source.close()
  }
}
