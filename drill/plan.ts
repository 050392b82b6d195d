// The plan of a drill: what is killed when, what goes wrong at Safaricom, and every payment that is asked
// for. A pure function of kills, payments and seed, so that a drill that found something can be run again.
import { createHash } from 'node:crypto'
import type { Faults } from '../src/simulator/simulator.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

/** What a plan depends on. */
export type PlanOptions = { kills: number; payments: number; seed: number }

/** One of the two gateways. */
export type GatewayIndex = 0 | 1

/**
 * `silent`: nothing gets through either way, and what was on its way is lost. `refused`: nobody listens.
 * `slow`: every answer is held back.
 */
export type NetworkTrouble = 'silent' | 'refused' | 'slow'
/** `refused`: nobody listens. `failing`: it answers 500. `hanging`: it takes requests and never answers. */
export type ReceiverTrouble = 'refused' | 'failing' | 'hanging'

/**
 * A gateway process to kill; times are real milliseconds from the beginning of the chaos. `starting`: also
 * when it is only just starting; else not before it has been ready for `afterReadyMs`.
 */
export type GatewayKill = { atMs: number; gateway: GatewayIndex; starting: boolean; afterReadyMs: number }
/** A stretch of trouble. */
export type Trouble<Mode> = { atMs: number; forMs: number; mode: Mode }

/** The surface that a payment is asked for on; `stk_push_sync` waits for Daraja's answer. */
export type Surface = 'v1' | 'stk_push' | 'stk_push_sync'

/** A payment that the merchant will ask for: phone, reference and key are nobody else's. */
export type Wish = {
  n: number
  atMs: number
  surface: Surface
  /** Which gateway is asked first. */
  gateway: GatewayIndex
  phone: string
  amountKes: number
  reference: string
  idempotencyKey: string
  /** Only `/v1` takes one; null leaves it to the gateway. */
  expiresInSeconds: number | null
}

/** Everything that will be done to the gateways. */
export type Plan = {
  seed: number
  /** So many times as fast as the machine's time runs everybody's clock. */
  clockFactor: number
  /** Real milliseconds from the first payment to the last incident. */
  chaosMs: number
  gatewayKills: GatewayKill[]
  /** When the database server and all its processes are killed. */
  databaseKills: number[]
  network: Trouble<NetworkTrouble>[]
  receiver: Trouble<ReceiverTrouble>[]
  wishes: Wish[]
  faults: Partial<Faults>
}

/**
 * An hour of leases, queries and retries in two minutes. Faster would make what takes real time (a push, a
 * start, a pause of the machine) look longer than the leases that hold it.
 */
export const CLOCK_FACTOR = 30
const KILL_EVERY_MS = 2_800
const PAYMENTS_PER_SECOND = 45
const CHAOS_MIN_MS = 10_000
/** Of the kills, those that take both gateways at once. */
const DOUBLE_KILL_SHARE = 0.12
const DOUBLE_KILL_MS = 60
/** Kills that do not wait for a start under way. */
const STARTING_SHARE = 0.15
const AFTER_READY_MAX_MS = 600
/**
 * Payments asked for around each kill, so that it finds commits under way: half of them just then, and half
 * so long before that their callbacks come just then.
 */
const BURST = 12
const BURST_SHARE_MAX = 0.4
const BURST_AT_MS = { from: -120, to: 40 }
const CALLBACK_BURST_AT_MS = { from: -460, to: -240 }
const KILLS_PER_DATABASE_KILL = 8
const KILLS_PER_NETWORK_TROUBLE = 2.5
const KILLS_PER_RECEIVER_TROUBLE = 10
/**
 * A push that hangs must be over within half of its lease of 90 s, as it is with the real time-outs: 1.5 s
 * are 45 s by the fast clock.
 */
const TROUBLE_MS = { min: 500, max: 1_500 }
const RECEIVER_TROUBLE_MS = { min: 800, max: 2_400 }
const SHORT_LIFE_SHARE = 0.2
const SHORT_LIVES_SECONDS = [5, 8, 12, 20] as const
const LONG_LIVES_SECONDS = [120, 600, 1_800] as const
const SYNC_SHARE = 0.1
const STK_PUSH_SHARE = 0.35

/** Three seconds of real time, so that tokens are renewed in the middle of everything. */
const TOKEN_LIFETIME_SECONDS = 90

/** What goes wrong at Safaricom during the chaos; shares of pushes, callbacks and queries. */
const FAULTS: Partial<Faults> = {
  spikeArrest: 0.03,
  systemBusy: 0.02,
  htmlError: 0.01,
  htmlErrorPrompted: 0.01,
  internalErrorPrompted: 0.015,
  internalErrorUnprompted: 0.015,
  droppedResponse: 0.03,
  lostCallback: 0.06,
  doubleCallback: 0.05,
  earlyCallback: 0.05,
  lateCallback: 0.04,
  declined: 0.15,
  flakyQuery: 0.2,
  pushDelayMs: 1_500,
  callbackDelayMs: 8_000,
  tokenLifetimeSeconds: TOKEN_LIFETIME_SECONDS,
  queryRateLimit: true,
  queriesPerMinute: 300,
  queryBurst: 20,
}

/** What Safaricom is like when the chaos is over: nothing goes wrong but a query now and then. */
export const CALM_FAULTS: Partial<Faults> = {
  tokenLifetimeSeconds: TOKEN_LIFETIME_SECONDS,
  flakyQuery: 0.2,
  callbackDelayMs: 8_000,
  queryRateLimit: true,
  queriesPerMinute: 300,
  queryBurst: 20,
}

/** The plan of these options. */
export function planDrill({ kills, payments, seed }: PlanOptions): Plan {
  const random = createSeededRandom(seed)
  const wantedMs = Math.max(kills * KILL_EVERY_MS, (payments / PAYMENTS_PER_SECOND) * 1_000)
  const chaosMs = Math.round(Math.max(wantedMs, CHAOS_MIN_MS))
  const gatewayKills = planGatewayKills(random, kills, chaosMs)
  const databaseKills = spread(random, countFor(kills, KILLS_PER_DATABASE_KILL), chaosMs)
  const network = spread(random, countFor(kills, KILLS_PER_NETWORK_TROUBLE), chaosMs).map((atMs) => ({
    atMs,
    forMs: Math.round(random.between(TROUBLE_MS.min, TROUBLE_MS.max)),
    mode: random.pick(['silent', 'refused', 'slow', 'slow'] as const),
  }))
  // Early enough that the retries of what was refused fall within the drill.
  const receiver = spread(random, countFor(kills, KILLS_PER_RECEIVER_TROUBLE), chaosMs * 0.75).map(
    (atMs) => ({
      atMs,
      forMs: Math.round(random.between(RECEIVER_TROUBLE_MS.min, RECEIVER_TROUBLE_MS.max)),
      mode: random.pick(['refused', 'failing', 'hanging'] as const),
    }),
  )
  const wishes = planWishes(random, { payments, seed, chaosMs, gatewayKills })
  const clockFactor = CLOCK_FACTOR
  return {
    seed,
    clockFactor,
    chaosMs,
    gatewayKills,
    databaseKills,
    network,
    receiver,
    wishes,
    faults: FAULTS,
  }
}

/** Tells two plans apart: the first 16 hexadecimal digits of the SHA-256 of the whole plan. */
export function hashPlan(plan: Plan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16)
}

/** The wish number `n` of the trickle that goes on while everything settles. */
export function trickleWish(seed: number, n: number): Wish {
  return {
    n,
    atMs: 0,
    surface: 'v1',
    gateway: n % 2 === 0 ? 0 : 1,
    ...identityOf(seed, n),
    amountKes: 1 + (n % 999),
    expiresInSeconds: null,
  }
}

function planGatewayKills(random: SeededRandom, kills: number, chaosMs: number): GatewayKill[] {
  const planned: GatewayKill[] = []
  for (const atMs of spread(random, kills, chaosMs)) {
    const last = planned.at(-1)
    const gateway = random.index(2) === 0 ? 0 : 1
    const isDouble = last !== undefined && random.chance(DOUBLE_KILL_SHARE)
    const starting = random.chance(STARTING_SHARE)
    const afterReadyMs = Math.round(random.between(0, AFTER_READY_MAX_MS))
    planned.push(
      isDouble
        ? { atMs: last.atMs + DOUBLE_KILL_MS, gateway: last.gateway === 0 ? 1 : 0, starting, afterReadyMs }
        : { atMs, gateway, starting, afterReadyMs },
    )
  }
  return planned
}

type WishShape = PlanOptions & { chaosMs: number; gatewayKills: GatewayKill[] }

function planWishes(random: SeededRandom, shape: Omit<WishShape, 'kills'>): Wish[] {
  const { payments, seed, chaosMs, gatewayKills } = shape
  const perKill = Math.min(BURST, Math.floor((payments * BURST_SHARE_MAX) / Math.max(1, gatewayKills.length)))
  const bursts = gatewayKills.flatMap(({ atMs, gateway }) =>
    Array.from({ length: perKill }, (_, index) => {
      const { from, to } = index % 2 === 0 ? BURST_AT_MS : CALLBACK_BURST_AT_MS
      return { atMs: Math.max(0, Math.round(atMs + random.between(from, to))), gateway }
    }),
  )
  const steady = Array.from({ length: payments - bursts.length }, () => ({
    atMs: Math.round(random.between(0, chaosMs)),
    gateway: random.index(2) === 0 ? (0 as const) : (1 as const),
  }))
  const begun = [...bursts, ...steady].sort((a, b) => a.atMs - b.atMs)
  return begun.map(({ atMs, gateway }, index) => wish(random, { n: index + 1, atMs, gateway, seed }))
}

function wish(
  random: SeededRandom,
  { n, atMs, gateway, seed }: { n: number; atMs: number; gateway: GatewayIndex; seed: number },
): Wish {
  const kind = random.next()
  const surface = kind < SYNC_SHARE ? 'stk_push_sync' : kind < SYNC_SHARE + STK_PUSH_SHARE ? 'stk_push' : 'v1'
  const isShort = random.chance(SHORT_LIFE_SHARE)
  const lives = isShort ? random.pick(SHORT_LIVES_SECONDS) : random.pick(LONG_LIVES_SECONDS)
  return {
    n,
    atMs,
    surface,
    gateway,
    ...identityOf(seed, n),
    amountKes: 1 + random.index(70_000),
    expiresInSeconds: surface === 'v1' ? lives : null,
  }
}

/** None of the simulator's test phones, which begin with 2547000. */
function identityOf(seed: number, n: number): Pick<Wish, 'phone' | 'reference' | 'idempotencyKey'> {
  return { phone: `2547${10_000_000 + n}`, reference: `D${n}`, idempotencyKey: `drill-${seed}-${n}` }
}

function countFor(kills: number, killsPerOne: number): number {
  return kills === 0 ? 0 : Math.max(1, Math.round(kills / killsPerOne))
}

/** So many moments within `withinMs`, one at a random place of each equal part: random, and never idle. */
function spread(random: SeededRandom, count: number, withinMs: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(((index + random.next()) * withinMs) / count))
}
