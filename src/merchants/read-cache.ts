// A small cache for what every request reads and what may change under it at any time in another process.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import type { ChangeFeed, FeedMark } from './change-feed.ts'

/**
 * The longest that a process may act on what it has read without hearing what was changed since: a revoked
 * key or a changed credential counts everywhere within 5 s, which leaves a second for the read itself.
 */
export const READ_CACHE_TTL_MS = 4_000
/** What no change is heard of is read again after this all the same. */
export const FOLLOWED_MAX_MS = 600_000
/** Merchants that are remembered: measured, 10,000 take 43 MB in all caches, 50,000 take 210 MB. */
const FOUND_MAX = 50_000
const MISSING_MAX = 10_000

/** When a read was begun, by both clocks and as the feed counts. */
export type ReadStart = { wallMs: number; elapsedMs: number; mark: FeedMark }

/** Reads through the cache. */
export type ReadCache<V> = {
  /**
   * What `load` gives for `key`, at most `READ_CACHE_TTL_MS` old, or followed by the feed. Calls for one key
   * share one load, which is told its start. `start`: when what it gives began to be read, if before.
   */
  get(key: string, load: (start: ReadStart) => Promise<V | null>, start?: ReadStart): Promise<V | null>
  /** Forgets `key`: the next `get` loads. Only this process forgets. */
  forget(key: string): void
}

/** `feed` follows what was found of a merchant; without one, everything ages. */
export type ReadCacheDeps<V> = {
  clock: Clock
  follow?: { feed: ChangeFeed; merchantOf(value: V): Uuid }
  /** Milliseconds that no clock's correction changes; those of the process when unset. */
  elapsedMs?: () => number
}

/** The part of the dependencies that has the feed, where there is one. */
export function followed<V>(
  feed: ChangeFeed | undefined,
  merchantOf: (value: V) => Uuid,
): Pick<ReadCacheDeps<V>, 'follow'> {
  return feed === undefined ? {} : { follow: { feed, merchantOf } }
}

type Entry<V> = { value: Promise<V | null>; start: ReadStart; merchantId: Uuid | null }

/**
 * An empty cache. Null (not found) is kept apart from what was found, so that a flood of unknown keys cannot
 * push out the known ones. A load that fails is not kept.
 */
export function createReadCache<V>(deps: ReadCacheDeps<V>): ReadCache<V> {
  const { follow, elapsedMs = () => performance.now() } = deps
  const loading = new Map<string, Entry<V>>()
  const found = new Map<string, Entry<V>>()
  const missing = new Map<string, Entry<V>>()

  function isFresh(entry: Entry<V> | undefined): entry is Entry<V> {
    if (entry === undefined) return false
    const { start, merchantId } = entry
    const wallMs = deps.clock.now() - start.wallMs
    // A clock that was set back must not keep an entry alive, nor give it another life when it comes round.
    if (wallMs < 0) return false
    const ageMs = Math.max(wallMs, elapsedMs() - start.elapsedMs)
    if (follow === undefined || merchantId === null) return ageMs < READ_CACHE_TTL_MS
    const since = follow.feed.sinceMark(start.mark, merchantId)
    if (since === 'changed') return false
    return ageMs < (since === 'unchanged' ? FOLLOWED_MAX_MS : READ_CACHE_TTL_MS)
  }

  function keep(key: string, entry: Entry<V>, value: V | null): void {
    if (loading.get(key) !== entry) return
    loading.delete(key)
    found.delete(key)
    missing.delete(key)
    if (value === null) {
      keepNewest(missing, key, entry, MISSING_MAX)
      return
    }
    entry.merchantId = follow?.merchantOf(value) ?? null
    keepNewest(found, key, entry, FOUND_MAX)
  }

  function begin(key: string, load: (start: ReadStart) => Promise<V | null>, start: ReadStart) {
    const entry: Entry<V> = { value: load(start), start, merchantId: null }
    loading.set(key, entry)
    entry.value.then(
      (value) => keep(key, entry, value),
      () => {
        if (loading.get(key) === entry) loading.delete(key)
      },
    )
    return entry.value
  }

  // The age counts from before the read: what changes during it may not be in the answer.
  function startNow(): ReadStart {
    return { wallMs: deps.clock.now(), elapsedMs: elapsedMs(), mark: follow?.feed.mark() ?? 0 }
  }

  return {
    get(key, load, start) {
      const entry = [loading.get(key), found.get(key), missing.get(key)].find(isFresh)
      return entry === undefined ? begin(key, load, start ?? startNow()) : entry.value
    },
    forget(key) {
      loading.delete(key)
      found.delete(key)
      missing.delete(key)
    },
  }
}

function keepNewest<V>(kept: Map<string, Entry<V>>, key: string, entry: Entry<V>, max: number): void {
  kept.set(key, entry)
  for (const oldest of kept.keys()) {
    if (kept.size <= max) break
    kept.delete(oldest)
  }
}
