// A small cache for what every request reads and what may change under it at any time in another process.
import type { Clock } from '../clock.ts'

/**
 * The longest that a process may act on what it has read: a revoked key or a changed credential counts
 * everywhere within 5 s, which leaves a second for the read itself.
 */
export const READ_CACHE_TTL_MS = 4_000
/** Entries of each sort. A few hundred bytes each, so a few megabytes at the most. */
const ENTRIES_MAX = 10_000

/** Reads through the cache. */
export type ReadCache<V> = {
  /**
   * What `load` gives for `key`, at most `READ_CACHE_TTL_MS` old. Calls for one key share one load.
   * `readAtMs`: when what it gives began to be read, should that have been before.
   */
  get(key: string, load: () => Promise<V | null>, readAtMs?: number): Promise<V | null>
  /** Forgets `key`: the next `get` loads. Only this process forgets. */
  forget(key: string): void
}

type Entry<V> = { value: Promise<V | null>; readAtMs: number }

/**
 * An empty cache. Null (not found) is kept apart from what was found, so that a flood of unknown keys cannot
 * push out the known ones. A load that fails is not kept.
 */
export function createReadCache<V>(deps: { clock: Clock }): ReadCache<V> {
  const loading = new Map<string, Entry<V>>()
  const found = new Map<string, Entry<V>>()
  const missing = new Map<string, Entry<V>>()

  function isFresh(entry: Entry<V> | undefined): entry is Entry<V> {
    if (entry === undefined) return false
    const ageMs = deps.clock.now() - entry.readAtMs
    // A clock that was set back must not keep an entry alive.
    return ageMs >= 0 && ageMs < READ_CACHE_TTL_MS
  }

  function keep(key: string, entry: Entry<V>, value: V | null): void {
    if (loading.get(key) !== entry) return
    loading.delete(key)
    found.delete(key)
    missing.delete(key)
    const kept = value === null ? missing : found
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= ENTRIES_MAX) break
      kept.delete(oldest)
    }
  }

  function start(key: string, load: () => Promise<V | null>, readAtMs: number): Promise<V | null> {
    const entry: Entry<V> = { value: load(), readAtMs }
    loading.set(key, entry)
    entry.value.then(
      (value) => keep(key, entry, value),
      () => {
        if (loading.get(key) === entry) loading.delete(key)
      },
    )
    return entry.value
  }

  return {
    // The age counts from before the read: what changes during it may not be in the answer.
    get(key, load, readAtMs = deps.clock.now()) {
      const entry = [loading.get(key), found.get(key), missing.get(key)].find(isFresh)
      return entry === undefined ? start(key, load, readAtMs) : entry.value
    },
    forget(key) {
      loading.delete(key)
      found.delete(key)
      missing.delete(key)
    },
  }
}
