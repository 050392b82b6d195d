// Server-sent events (WHATWG HTML, 9.2) of a merchant's side: every new payment and every change. Each
// message has the position to go on from; one that goes on from there misses nothing.
import { PassThrough, type Readable } from 'node:stream'
import type { Owner } from '../../payments/payment-read-store.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { momentText, readMomentText, type SideMoment } from '../../payments/side-change-store.ts'
import type { SideNews } from '../../payments/side-feed.ts'
import { HttpError } from '../http-error.ts'
import type { PaymentInsight } from './payment-insight.ts'
import { endWhenForbidden } from './stream-permission.ts'

/** A stream costs a socket and a few kilobytes; more at once than this are not meant. */
export const SIDE_STREAMS_MAX = 1_000
/** A team with a few tabs each; one merchant must not take the others' places. */
export const SIDE_STREAMS_EACH_MAX = 100
/** Proxies end connections that are silent for 30 to 60 s. */
const HEARTBEAT_MS = 10_000
/** Connections that last for days meet every restart; who still looks connects again. */
const LIFE_MS = 600_000
/** One batch of news may be larger; what lies here when the next one comes was not read for half a second. */
const UNREAD_BYTES_MAX = 64 * 1024
/** Clients wait this long before they connect again. */
const RECONNECT_MS = 2_000
const RETRY_AFTER_SECONDS = 10

/** The open streams of one process. */
export type SideStreams = {
  /**
   * A stream of what happens on the side of `owner`, from `lastEventId` on where it is given, for as long as
   * `isAllowed`. Throws when too many are open.
   */
  open(owner: Owner, lastEventId: unknown, isAllowed: () => Promise<boolean>): Readable
  /** Ends every stream now. */
  end(): void
}

/** No streams yet. */
export function createSideStreams(deps: {
  insight: Pick<PaymentInsight, 'watch'>
  now(): number
}): SideStreams {
  const open = new Map<PassThrough, string>()

  function takePlace(stream: PassThrough, { merchantId }: Owner): void {
    const theirs = [...open.values()].filter((each) => each === merchantId).length
    if (open.size >= SIDE_STREAMS_MAX || theirs >= SIDE_STREAMS_EACH_MAX) {
      const options = { retryAfterSeconds: RETRY_AFTER_SECONDS }
      throw new HttpError('rate_limited', 'Too many streams are open. Close one, or read the list.', options)
    }
    open.set(stream, merchantId)
    stream.once('close', () => open.delete(stream))
  }

  return {
    open(owner, lastEventId, isAllowed) {
      const stream = new PassThrough()
      takePlace(stream, owner)
      const since = readSince(lastEventId, deps.now())
      follow({ ...deps, isAllowed }, { owner, since, stream })
      return stream
    },
    end() {
      for (const stream of open.keys()) stream.end()
    },
  }
}

function readSince(lastEventId: unknown, nowMs: number): SideMoment | 'lost' | null {
  if (typeof lastEventId !== 'string' || lastEventId === '') return null
  return readMomentText(lastEventId, nowMs) ?? 'lost'
}

type Following = { owner: Owner; since: SideMoment | 'lost' | null; stream: PassThrough }

function follow(
  deps: { insight: Pick<PaymentInsight, 'watch'>; isAllowed: () => Promise<boolean>; now(): number },
  { owner, since, stream }: Following,
): void {
  // Of who comes again, what was missed begins where it broke off.
  let position = since === null || since === 'lost' ? '' : momentText(since)
  let isFirst = true
  let toldAtMs = Number.NEGATIVE_INFINITY
  const write = (text: string) => {
    if (stream.writableEnded || stream.destroyed) return
    if (stream.writableLength > UNREAD_BYTES_MAX) stream.destroy()
    else {
      stream.write(text)
      toldAtMs = deps.now()
    }
  }
  const tell = (news: SideNews) => {
    const next = momentText(news.moment)
    const text = messagesOf(news, owner, { before: position === '' ? next : position, next })
    position = next
    if (text !== '') write(text)
    const isDue = deps.now() - toldAtMs >= HEARTBEAT_MS
    if (isFirst || isDue) write(heartbeat(position, deps.now()))
    isFirst = false
  }
  const unwatch = deps.insight.watch({ merchantId: owner.merchantId, live: owner.live }, since, tell)
  // While the database is away there is no news to tell, and the connection is still to be kept.
  const idle = setInterval(() => {
    if (deps.now() - toldAtMs >= HEARTBEAT_MS) write(': still here\n\n')
  }, HEARTBEAT_MS).unref()
  endWhenForbidden(stream, deps.isAllowed)
  const life = setTimeout(() => stream.end(), LIFE_MS).unref()
  stream.once('close', () => {
    clearInterval(idle)
    clearTimeout(life)
    unwatch()
  })
  stream.write(`retry: ${RECONNECT_MS}\n\n`)
}

/** Who has read a part of the messages goes on from before them all. */
function messagesOf(news: SideNews, owner: Owner, position: { before: string; next: string }): string {
  if (news.reset !== null) {
    return `id: ${position.next}\nevent: reset\ndata: ${JSON.stringify({ reason: news.reset })}\n\n`
  }
  const { shortcodeId = null } = owner
  const theirs = news.payments.filter((each) => shortcodeId === null || each.shortcodeId === shortcodeId)
  return theirs
    .map((payment, index) => {
      const id = index === theirs.length - 1 ? position.next : position.before
      return `id: ${id}\nevent: payment\ndata: ${JSON.stringify(paymentResource(payment))}\n\n`
    })
    .join('')
}

function heartbeat(position: string, nowMs: number): string {
  const data = JSON.stringify({ at: new Date(nowMs).toISOString() })
  return `id: ${position}\nevent: heartbeat\ndata: ${data}\n\n`
}
