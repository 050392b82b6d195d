// What the page knows from the watch: its phones, the latest pushes and the switches.
import type { Faults, LedgerEntry, PhoneView } from './simulator.ts'

/** A phone, and when this page was told of it (`performance.now()`), for the prompt's remaining time. */
export type KnownPhone = PhoneView & { toldAtMs: number }

/** All that is shown. */
export type WatchState = {
  isConnected: boolean
  phones: Readonly<Record<string, KnownPhone>>
  /** Newest first; null until the simulator has told of them. */
  entries: readonly LedgerEntry[] | null
  count: number
  settings: { faults: Faults; speed: number } | null
}

/** One thing that the watch was told. */
export type WatchNews =
  | { kind: 'connected' | 'lost' }
  | { kind: 'phone'; phone: PhoneView; toldAtMs: number }
  | { kind: 'ledger'; entries: LedgerEntry[]; count: number; isAll: boolean }
  | { kind: 'settings'; settings: { faults: Faults; speed: number } }

/** As many pushes as are shown. */
const ENTRIES_MAX = 100

/** Nothing was told yet. */
export const NOTHING_TOLD: WatchState = {
  isConnected: false,
  phones: {},
  entries: null,
  count: 0,
  settings: null,
}

/** The state after one more piece of news. What was told whole takes the place of what was there. */
export function afterNews(state: WatchState, news: WatchNews): WatchState {
  switch (news.kind) {
    case 'connected':
      return { ...state, isConnected: true }
    case 'lost':
      return { ...state, isConnected: false }
    case 'phone': {
      const known: KnownPhone = { ...news.phone, toldAtMs: news.toldAtMs }
      return { ...state, phones: { ...state.phones, [known.number]: known } }
    }
    case 'ledger':
      return {
        ...state,
        count: news.count,
        entries: news.isAll ? news.entries : merged(state.entries ?? [], news.entries),
      }
    case 'settings':
      return { ...state, settings: news.settings }
  }
}

function merged(known: readonly LedgerEntry[], changed: readonly LedgerEntry[]): LedgerEntry[] {
  const bySequence = new Map([...known, ...changed].map((entry) => [entry.sequence, entry]))
  return [...bySequence.values()].sort((a, b) => b.sequence - a.sequence).slice(0, ENTRIES_MAX)
}
