// Who is told when something in the simulator changes: the pages that watch phones and the ledger.
import type { LedgerEntry } from './ledger.ts'

/** What a watcher is told; it reads the state for itself, and shortly after, since entries go on changing. */
export type Watcher = {
  entry(entry: LedgerEntry): void
  /** Anything about the phone with this number, its prompt included. */
  phone(number: string): void
  /** The fault switches or the speed. */
  settings(): void
}

/** Passes each change on to every watcher; costs next to nothing while there is none. */
export type Changes = Watcher & {
  /** The answer ends the watch. */
  watch(watcher: Watcher): () => void
}

/** Nobody watches yet. */
export function createChanges(): Changes {
  const watchers = new Set<Watcher>()
  return {
    entry(entry) {
      for (const watcher of watchers) watcher.entry(entry)
    },
    phone(number) {
      for (const watcher of watchers) watcher.phone(number)
    },
    settings() {
      for (const watcher of watchers) watcher.settings()
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
