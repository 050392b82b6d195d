// What this process remembers of merchants holds for as long as it hears of all changes: it asks about once a
// second which merchants were changed, and nothing at all while nobody remembers anything.
import type { Clock } from '../clock.ts'
import { isDatabaseUnavailable } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import { EVERY_MERCHANT, type FeedAnswer, type FeedMoment } from './change-feed-store.ts'

/** When a read was begun, as the feed counts. */
export type FeedMark = number

/** Tells whether what was read of a merchant still holds. */
export type ChangeFeed = {
  /** To be taken before a read is begun. */
  mark(): FeedMark
  /** `unknown`: changes since then may not have been heard of. */
  sinceMark(mark: FeedMark, merchantId: Uuid): 'unchanged' | 'changed' | 'unknown'
  /** Ends the asking; everything is `unknown` a moment later. */
  close(): void
}

/** What the feed works with; `read` is `readMerchantChanges`. */
export type ChangeFeedDeps = {
  clock: Clock
  log: Pick<Logger, 'warn'>
  read(since: FeedMoment | null, limit: number): Promise<FeedAnswer>
  /** Resolves after so many milliseconds; may reject when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<unknown>
  /** Milliseconds that no clock's correction changes; those of the process when unset. */
  elapsedMs?: () => number
}

/**
 * An answer speaks for so long, from when it was asked for. A change counts everywhere within 5 s, which
 * leaves a second for who acts on it; three questions may fail before anything is read again.
 */
export const HEARD_MAX_MS = 4_000
/** With the time of the question itself, a change is heard of in little more than a second. */
const ASK_EVERY_MS = 1_000
/** Nothing was read or remembered for so long: nobody is asked any more. */
const IDLE_AFTER_MS = 10_000
/** More changes at once, or kept in mind, and it is cheaper to read everything anew. */
const CHANGES_MAX = 1_000
const KEPT_MAX = 10_000

/** A feed that begins to ask with the first mark. */
export function createChangeFeed(deps: ChangeFeedDeps): ChangeFeed {
  const elapsedMs = deps.elapsedMs ?? (() => performance.now())
  const stopping = new AbortController()
  const heard = createHeardChanges()
  let moment: FeedMoment | null = null
  let askedAt = { wallMs: 0, elapsedMs: Number.NEGATIVE_INFINITY }
  let usedMs = 0
  let isRunning = false

  /** By both clocks: one may be set back, the other stands still while a machine sleeps. */
  function isHeard(): boolean {
    const wallMs = deps.clock.now() - askedAt.wallMs
    return Math.max(wallMs, elapsedMs() - askedAt.elapsedMs) < HEARD_MAX_MS
  }

  async function ask(): Promise<void> {
    const now = { wallMs: deps.clock.now(), elapsedMs: elapsedMs() }
    // After a longer silence rows may have been trimmed, and nothing that is remembered holds any more.
    const since = isHeard() ? moment : null
    try {
      const answer = await deps.read(since, CHANGES_MAX)
      if (answer.isStandby) return
      heard.take(answer.merchants, since !== null && answer.continues)
      moment = answer.moment
      askedAt = now
    } catch (error) {
      if (!isDatabaseUnavailable(error)) deps.log.warn({ err: error }, 'changes could not be read')
    }
  }

  async function run(): Promise<void> {
    isRunning = true
    while (!stopping.signal.aborted && elapsedMs() - usedMs < IDLE_AFTER_MS) {
      await ask()
      await deps.pause(ASK_EVERY_MS, stopping.signal).catch(() => undefined)
    }
    isRunning = false
  }

  function use(): void {
    usedMs = elapsedMs()
    if (!isRunning && !stopping.signal.aborted) void run()
  }

  return {
    mark() {
      use()
      return heard.mark()
    },
    sinceMark(mark, merchantId) {
      use()
      const since = heard.sinceMark(mark, merchantId)
      return since === 'unchanged' && !isHeard() ? 'unknown' : since
    },
    close: () => stopping.abort(),
  }
}

/** What was heard, answer by answer: a mark is the number of the last answer before a read. */
function createHeardChanges() {
  /** The number of the answer that last named the merchant. */
  const changedIn = new Map<Uuid, number>()
  let answers = 0
  /** What was read before this answer was not followed up. */
  let firstAnswer = 1
  return {
    mark: () => answers,
    take(merchants: readonly Uuid[], isContinuing: boolean): void {
      answers += 1
      const isAll = merchants.length >= CHANGES_MAX || merchants.includes(EVERY_MERCHANT)
      if (isContinuing && !isAll && changedIn.size + merchants.length <= KEPT_MAX) {
        for (const merchantId of merchants) changedIn.set(merchantId, answers)
        return
      }
      firstAnswer = answers
      changedIn.clear()
    },
    sinceMark(mark: FeedMark, merchantId: Uuid) {
      if (mark < firstAnswer) return 'unknown'
      return (changedIn.get(merchantId) ?? 0) > mark ? 'changed' : 'unchanged'
    },
  }
}
