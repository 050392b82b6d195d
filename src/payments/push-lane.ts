// One shortcode as Daraja sees it, whichever merchants share it: how fast and how much at once it may be
// asked, and whether it may be asked at all.
import type { PushResult } from '../daraja/push-outcome.ts'
import { createAdaptiveLimit } from './adaptive-limit.ts'
import { createFairPlaces, type PlaceParty } from './fair-places.ts'
import type { Environment } from './payment.ts'
import { type BreakerPass, type BreakerState, createPushBreaker } from './push-breaker.ts'
import { createPushBucket, type PushKind } from './push-bucket.ts'
import { type PushSignal, signalOf } from './push-signal.ts'

/** Names a lane: a shortcode and the Daraja app that it is asked through. */
export type LaneName = {
  /** Null: its credentials cannot be read. */
  environment: Environment | null
  /** Daraja's BusinessShortCode. */
  shortcode: string
  credentialId: string
}

/** One text a lane. */
export function laneKey({ credentialId, shortcode }: LaneName): string {
  return `${credentialId}/${shortcode}`
}

/** Why there is no room for a push, and when to look again. */
export type NoRoom = { code: 'busy' | 'breaker_open' | 'credentials_refused'; retryAfterMs: number }

/** Who wants to push, and how. */
export type PushParty = { merchantId: string; kind: PushKind }

/** The right to one push. */
export type LanePass = PushParty & BreakerPass & { begunMs: number }

/** What a lane is doing. */
export type LaneSnapshot = Omit<LaneName, 'environment'> & {
  environment: Environment
  breaker: BreakerState
  /** On its way back from an outage: fewer pushes than it will take. */
  slowStart: boolean
  /** Open: when it is looked at again. */
  retryAt: Date | null
  ratePerSecond: number
  concurrency: number
  inFlight: number
}

/** A merchant as a holder of places, in a lane and in a process: four fifths are the most for one alone. */
export function merchantParty(merchantId: string): PlaceParty {
  return { name: merchantId, timesFree: 4 }
}

/** One lane; times are milliseconds. */
export type PushLane = {
  /** Null: there is room. */
  noRoom(nowMs: number, party: PushParty): NoRoom | null
  enter(nowMs: number, party: PushParty): LanePass
  /** What became of the push; null: nothing was sent. */
  leave(nowMs: number, pass: LanePass, told: { outcome: PushResult; phone: string } | null): void
  inFlight(): number
  /** Null: it leads nowhere. */
  snapshot(nowMs: number): LaneSnapshot | null
}

/** A shop that is refused everything still asks once a second: how else would it learn that it may again? */
const RATE_PER_SECOND_MIN = 1
const CONCURRENCY_MIN = 4
/** Of the places, the part that what comes in keeps for what waits in the queue, and the other way round. */
const KEPT_SHARE = 1 / 20
/** A full place comes free when Daraja answers, which takes a fraction of a second. */
const PLACE_WAIT_MS = 100
/** Without a token every push would be in vain; the token is looked for again after this. */
const BLOCKED_MS = 2_000
/** Daraja's Retry-After, believed up to a minute: afterwards one push asks again. */
const CLOSED_MAX_MS = 60_000
/** A crowd that waits does not come back at once: each is told up to this part more. */
const SPREAD_SHARE = 1 / 4

/** A lane that nothing is known of yet: open wide. */
export function createPushLane(
  deps: { random: () => number; concurrencyMax: number; ratePerSecondMax: number },
  name: LaneName,
  startMs: number,
): PushLane {
  const rate = createAdaptiveLimit({ min: RATE_PER_SECOND_MIN, max: deps.ratePerSecondMax })
  const concurrency = createAdaptiveLimit({ min: CONCURRENCY_MIN, max: deps.concurrencyMax })
  const places = createFairPlaces({ max: concurrency.value })
  const underWay = { direct: 0, queued: 0 }
  const bucket = createPushBucket({ ratePerSecond: rate.value }, startMs)
  const breaker = createPushBreaker(deps)
  const closure = createClosure(deps)

  function adapt(nowMs: number, { begunMs }: LanePass, signal: PushSignal): void {
    if (signal === 'answered') {
      rate.raise(nowMs)
      concurrency.raise(nowMs)
    } else if (signal === 'busy' || signal === 'failed') {
      rate.lower(nowMs, { inUse: bucket.usedPerSecond(nowMs), begunMs })
      concurrency.lower(nowMs, { inUse: places.used(), begunMs })
    }
  }

  return {
    noRoom(nowMs, { merchantId, kind }) {
      const openMs = breaker.waitMs(nowMs)
      if (openMs > 0) return { code: 'breaker_open', retryAfterMs: openMs }
      const closed = closure.noRoom(nowMs)
      if (closed !== null) return closed
      const tokenMs = bucket.waitMs(nowMs, kind)
      if (tokenMs > 0) return { code: 'busy', retryAfterMs: tokenMs }
      const max = Math.floor(concurrency.value())
      const isLeft = underWay[kind] < max - Math.max(1, Math.floor(max * KEPT_SHARE))
      return isLeft && places.hasRoom([merchantParty(merchantId)])
        ? null
        : { code: 'busy', retryAfterMs: PLACE_WAIT_MS }
    },
    enter(nowMs, party) {
      bucket.take(nowMs, party.kind)
      places.enter([merchantParty(party.merchantId)])
      underWay[party.kind] += 1
      return { ...party, ...breaker.enter(), begunMs: nowMs }
    },
    leave(nowMs, pass, told) {
      const signal = told === null ? 'none' : signalOf(told.outcome)
      if (told === null) bucket.giveBack(pass.kind)
      else closure.note(nowMs, told.outcome, signal)
      adapt(nowMs, pass, signal)
      places.leave([merchantParty(pass.merchantId)])
      underWay[pass.kind] -= 1
      const phone = told?.outcome.kind === 'unknown' ? told.phone : null
      if (!breaker.record(nowMs, pass, { signal, phone })) return
      rate.restart(nowMs)
      concurrency.restart(nowMs)
    },
    inFlight: places.used,
    snapshot(nowMs) {
      if (name.environment === null) return null
      return {
        ...{ ...name, environment: name.environment },
        breaker: breaker.state(nowMs),
        slowStart: rate.isSlowStart() || concurrency.isSlowStart(),
        retryAt: breaker.state(nowMs) === 'open' ? new Date(nowMs + breaker.waitMs(nowMs)) : null,
        ratePerSecond: rate.value(),
        concurrency: Math.floor(concurrency.value()),
        inFlight: places.used(),
      }
    },
  }
}

/** For how long an outcome closes the lane to all, and what those who come meanwhile are told. */
function createClosure(deps: { random: () => number }) {
  let untilMs = Number.NEGATIVE_INFINITY
  let code: NoRoom['code'] = 'busy'

  function leftMs(nowMs: number): number {
    const left = untilMs - nowMs
    // A clock that was set back must not keep it closed.
    return left > CLOSED_MAX_MS * (1 + SPREAD_SHARE) ? 0 : Math.max(0, left)
  }

  return {
    noRoom(nowMs: number): NoRoom | null {
      const retryAfterMs = leftMs(nowMs)
      return retryAfterMs > 0 ? { code, retryAfterMs } : null
    },
    note(nowMs: number, outcome: PushResult, signal: PushSignal): void {
      const wantedMs = pauseMs(outcome, signal, deps.random)
      const closedMs = leftMs(nowMs)
      untilMs = nowMs + Math.max(closedMs, wantedMs)
      // An answer to an earlier push that closes nothing for longer does not say why it is closed.
      if (wantedMs <= closedMs) return
      const isRefused = outcome.kind === 'not_processed' && outcome.reason === 'credentials'
      code = isRefused ? 'credentials_refused' : 'busy'
    },
  }
}

/** How long nothing more is to be asked after this outcome. */
function pauseMs(outcome: PushResult, signal: PushSignal, random: () => number): number {
  const wishMs = outcome.kind === 'not_processed' ? outcome.retryAfterMs : null
  const ms = signal === 'blocked' ? (wishMs ?? BLOCKED_MS) : signal === 'busy' ? (wishMs ?? 0) : 0
  return Math.min(ms, CLOSED_MAX_MS) * (1 + random() * SPREAD_SHARE)
}
