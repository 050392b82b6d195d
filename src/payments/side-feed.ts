// A merchant's side, live: one reader for all who watch it through this process, which asks the database
// about twice a second what was committed, whichever process did it; nobody watching, nothing is asked.
import type { Clock } from '../clock.ts'
import { isDatabaseUnavailable } from '../db/database.ts'
import type { Logger } from '../log.ts'
import type { Payment } from './payment.ts'
import { isAhead, type SideChanges, type SideMoment } from './side-change-store.ts'
import type { Side } from './verdict-totals-store.ts'

/** Why a watcher is to load everything anew. */
export type ResetReason = 'too_far_back' | 'too_many_changes'

/** What a watcher is told. What came before `moment` is told with it, or was before. */
export type SideNews = { payments: readonly Payment[]; reset: ResetReason | null; moment: SideMoment }

/** Told of each batch of news, an empty one at first; must not throw. */
export type SideWatcher = (news: SideNews) => void

/** The sides that are watched through one process. */
export type SideFeeds = {
  /**
   * Tells `watcher` of everything that happens on `side` after `since`, or after now, until the returned
   * function is called. `since` may be `lost`: then it is told to begin anew.
   */
  watch(side: Side, since: SideMoment | 'lost' | null, watcher: SideWatcher): () => void
  /** Ends all watching. */
  close(): void
}

/** What the feeds work with; `read` and `now` are of the store. */
export type SideFeedDeps = {
  clock: Clock
  log: Logger
  read(side: Side, since: SideMoment, limit: number): Promise<SideChanges>
  now(): Promise<SideMoment>
  /** Resolves after so many milliseconds, sooner when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>
}

/** With the time of the question itself, news is about half a second old at the most. */
const ASK_EVERY_MS = 400
/** Nobody can follow more at a time; the pages are to load anew. */
export const CHANGES_MAX = 200
/** A side that changes faster than it can be told is told to load anew this often. */
const OVERRUN_PAUSE_MS = 3_000
const FAILED_PAUSE_MS = 2_000
/** Of each payment the last state that was told, so that a mere lease is no news. */
const TOLD_MAX = 5_000

type Joining = { since: SideMoment | 'lost' | null; watcher: SideWatcher }

/** Feeds of no side yet. */
export function createSideFeeds(deps: SideFeedDeps): SideFeeds {
  const readers = new Map<string, ReturnType<typeof createReader>>()
  return {
    watch(side, since, watcher) {
      const name = `${side.merchantId} ${side.live}`
      const reader = readers.get(name) ?? createReader(deps, side, () => readers.delete(name))
      readers.set(name, reader)
      return reader.join({ since, watcher })
    },
    close() {
      for (const reader of readers.values()) reader.stop()
      readers.clear()
    },
  }
}

function createReader(deps: SideFeedDeps, side: Side, ended: () => void) {
  const watchers = new Set<SideWatcher>()
  const joining = new Set<Joining>()
  const told = new Map<string, string>()
  const stopping = new AbortController()
  let hastening = new AbortController()

  /** Whoever joins is told from its own moment on, between two questions, so that nothing overtakes. */
  async function admit(moment: SideMoment): Promise<void> {
    for (const each of [...joining]) {
      const news = await beginningOf(deps, side, each.since, moment)
      if (!joining.delete(each)) continue
      watchers.add(each.watcher)
      each.watcher(news)
    }
  }

  async function ask(since: SideMoment): Promise<{ moment: SideMoment; pauseMs: number }> {
    const { payments, isCut, moment } = await deps.read(side, since, CHANGES_MAX)
    if (isCut) {
      told.clear()
      for (const watcher of watchers) watcher({ payments: [], reset: 'too_many_changes', moment })
      return { moment, pauseMs: OVERRUN_PAUSE_MS }
    }
    const news = payments.filter((payment) => isNews(told, payment))
    if (news.length > 0) for (const watcher of watchers) watcher({ payments: news, reset: null, moment })
    else for (const watcher of watchers) watcher({ payments: [], reset: null, moment })
    return { moment, pauseMs: ASK_EVERY_MS }
  }

  async function run(): Promise<void> {
    let moment: SideMoment | null = null
    while (watchers.size + joining.size > 0 && !stopping.signal.aborted) {
      let pauseMs = ASK_EVERY_MS
      try {
        moment ??= await deps.now()
        if (watchers.size > 0) ({ moment, pauseMs } = await ask(moment))
        else moment = await deps.now()
        await admit(moment)
      } catch (error) {
        pauseMs = FAILED_PAUSE_MS
        const known = isDatabaseUnavailable(error)
        if (!known) deps.log.warn({ err: error, merchant: side.merchantId }, 'live news could not be read')
      }
      hastening = new AbortController()
      if (joining.size > 0 && pauseMs === ASK_EVERY_MS) continue
      await deps.pause(pauseMs, AbortSignal.any([hastening.signal, stopping.signal]))
    }
    ended()
  }

  let isRunning = false
  return {
    join(each: Joining): () => void {
      joining.add(each)
      hastening.abort()
      if (!isRunning) void run()
      isRunning = true
      return () => {
        joining.delete(each)
        watchers.delete(each.watcher)
      }
    },
    stop: () => stopping.abort(),
  }
}

async function beginningOf(
  deps: Pick<SideFeedDeps, 'read'>,
  side: Side,
  since: Joining['since'],
  moment: SideMoment,
): Promise<SideNews> {
  if (since === null) return { payments: [], reset: null, moment }
  if (since === 'lost' || isAhead(since, moment)) return { payments: [], reset: 'too_far_back', moment }
  const { payments, isCut } = await deps.read(side, since, CHANGES_MAX)
  return isCut ? { payments: [], reset: 'too_many_changes', moment } : { payments, reset: null, moment }
}

function isNews(told: Map<string, string>, payment: Payment): boolean {
  const seen = [payment.state, payment.outcome, payment.receipt, payment.checkoutRequestId, payment.phone]
  const fingerprint = seen.join('|')
  if (told.get(payment.id) === fingerprint) return false
  told.delete(payment.id)
  told.set(payment.id, fingerprint)
  for (const oldest of told.keys()) {
    if (told.size <= TOLD_MAX) break
    told.delete(oldest)
  }
  return true
}
