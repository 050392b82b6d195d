// Pulling statements: for shortcodes whose payments have been open for too long, one process at a time each.
import type { DarajaClient } from '../daraja/client.ts'
import { type PulledStatement, pullStatement } from '../daraja/pull-statement.ts'
import type { Statement } from '../daraja/statement.ts'
import type { PaymentDeps } from './payment-deps.ts'
import { readAgainstKnown, type SettleDeps, type Settled, settleByReading } from './settle-by-statement.ts'
import type { StatementReading } from './statement-match.ts'
import {
  ASKABLE_AGE_MS,
  halve,
  PULL_LEASE_MS,
  PULL_REACH_MS,
  pauseAfterPull,
  type Slice,
  slicesFor,
  UNASKABLE_AGE_MS,
} from './statement-schedule.ts'
import type { PullTask } from './statement-store.ts'

/** The parts of the core that pulling needs. */
export type StatementDeps = SettleDeps &
  Pick<PaymentDeps, 'shortcodes'> & {
    daraja: Pick<DarajaClient, 'pull'>
    /** Told of every pull, for metrics. */
    onPull(outcome: string): void
  }

/** Shortcodes a sweep; each costs some exchanges with Daraja, and the next sweep is near. */
const TASKS_MAX = 4
const OPEN_MAX = 1_000
/** Known payments beyond which less time is asked for: thirty of the smallest pages, a minute of Daraja's. */
const PAID_MAX = 3_000
/** A pull that has taken this part of its lease renews it. */
const RENEW_SHARE = 0.25
const REMARKS_MAX = 200
const DETAIL_LENGTH_MAX = 300
const LEASE_LOST = 'another process pulls for this shortcode by now'

/** Pulls for the shortcodes that are due; resolves to how many they were. */
export async function sweepStatements(deps: StatementDeps): Promise<number> {
  const nowMs = deps.clock.now()
  const tasks = await deps.statements.claimPulls({
    now: new Date(nowMs),
    process: deps.process,
    leaseUntil: new Date(nowMs + PULL_LEASE_MS),
    oldest: new Date(nowMs - PULL_REACH_MS),
    unaskableBefore: new Date(nowMs - UNASKABLE_AGE_MS),
    askableBefore: new Date(nowMs - ASKABLE_AGE_MS),
    limit: TASKS_MAX,
  })
  const results = await Promise.allSettled(tasks.map((task) => pullFor(deps, task)))
  for (const result of results) {
    // Its lease ends, and another pull is made.
    if (result.status === 'rejected') deps.log.error({ err: result.reason }, 'a statement was put back')
  }
  return tasks.length
}

/** What all slices of one pull came to. */
type Result = {
  outcome: string
  detail: string | null
  retryAfterMs: number | null
  settled: number
  remarks: Map<string, string>
}

async function pullFor(deps: StatementDeps, task: PullTask): Promise<void> {
  const result = await pullAll(deps, task)
  const isFailure = result.outcome !== 'read'
  const failures = isFailure ? task.failures + 1 : 0
  const idle = isFailure ? task.idle : result.settled > 0 ? 0 : task.idle + 1
  const at = new Date(deps.clock.now())
  await deps.statements.recordPull({
    merchantId: task.merchantId,
    shortcodeId: task.shortcodeId,
    process: deps.process,
    nextAt: new Date(at.getTime() + pauseAfterPull(idle, failures, result.retryAfterMs)),
    failures,
    idle,
    at,
    outcome: result.outcome,
    detail: result.detail?.slice(0, DETAIL_LENGTH_MAX) ?? null,
    remarks: Object.fromEntries([...result.remarks].slice(0, REMARKS_MAX)),
  })
  deps.onPull(result.outcome)
}

async function pullAll(deps: StatementDeps, task: PullTask): Promise<Result> {
  const result: Result = {
    outcome: 'read',
    detail: null,
    retryAfterMs: null,
    settled: 0,
    remarks: new Map(),
  }
  const nowMs = deps.clock.now()
  const sent = await deps.statements.openSince(task, new Date(nowMs - PULL_REACH_MS), OPEN_MAX)
  let readToMs = Number.NEGATIVE_INFINITY
  for (const slice of slicesFor(
    sent.map((time) => time.getTime()),
    nowMs,
  )) {
    // An earlier slice that was not cut short has this one in it.
    if (slice.toMsMin <= readToMs) continue
    const read = await pullSlice(deps, task, slice)
    if (read.kind === 'failed') return { ...result, ...read, outcome: read.reason }
    readToMs = read.statement.toMs
    const settled = await settleByReading(deps, task, read.reading)
    note(deps, task, read, settled)
    result.settled += settled.paid + settled.corrected + settled.notPaid
    result.detail = read.statement.incomplete
    for (const verdict of read.reading.verdicts) {
      const { merchantId, paymentId } = verdict.payment
      if (verdict.kind === 'open' && merchantId === task.merchantId)
        result.remarks.set(paymentId, verdict.why)
    }
  }
  return result
}

type SliceRead =
  | { kind: 'read'; statement: Statement; reading: StatementReading }
  | { kind: 'failed'; reason: string; detail: string; retryAfterMs: number | null }

async function pullSlice(deps: StatementDeps, task: PullTask, whole: Slice): Promise<SliceRead> {
  const credential = await deps.shortcodes.credentialOf(task.merchantId, task.shortcodeId)
  if (credential === null) return failed('no_address', 'Daraja has no address here for it')
  const { clock } = deps
  const pull = pullUnderLease(deps, task)
  for (let slice: Slice | null = await shorten(deps, task, whole); slice !== null; slice = halve(slice)) {
    const time = { fromMs: slice.fromMs, toMs: slice.toMs }
    const pulled: PulledStatement = await pullStatement({ clock, pull }, credential, time)
    if (pulled.kind === 'failed') return pulled
    if (pulled.kind === 'too_long') continue
    const { statement } = pulled
    const known = await readAgainstKnown(deps, task, statement, false)
    if (known.kind === 'read') return { kind: 'read', statement, reading: known.reading }
  }
  return failed('too_long', 'more was paid than can be looked through at once')
}

/** A busy shortcode is asked about in parts: all that was paid up to now may be more than can be read. */
async function shorten(deps: StatementDeps, task: PullTask, whole: Slice): Promise<Slice> {
  let slice = whole
  for (;;) {
    if ((await deps.statements.countPaid(task, slice, PAID_MAX + 1)) <= PAID_MAX) return slice
    const shorter = halve(slice)
    if (shorter === null) return slice
    slice = shorter
  }
}

/** Pages under the task's lease, which is renewed in time; once another holds it no more are asked for. */
function pullUnderLease(deps: StatementDeps, task: PullTask): DarajaClient['pull'] {
  const { clock, process, statements } = deps
  const { merchantId, shortcodeId } = task
  let renewAtMs = clock.now()
  return async (credential, request) => {
    const nowMs = clock.now()
    if (nowMs >= renewAtMs) {
      const leaseUntil = new Date(nowMs + PULL_LEASE_MS)
      if (!(await statements.renewPull({ merchantId, shortcodeId, process, leaseUntil }))) {
        return { kind: 'failed', reason: 'no_answer', detail: LEASE_LOST, retryAfterMs: null, durationMs: 0 }
      }
      renewAtMs = nowMs + PULL_LEASE_MS * RENEW_SHARE
    }
    return deps.daraja.pull(credential, request)
  }
}

function failed(reason: string, detail: string): SliceRead {
  return { kind: 'failed', reason, detail, retryAfterMs: null }
}

function note(
  deps: StatementDeps,
  task: PullTask,
  { statement, reading }: SliceRead & { kind: 'read' },
  settled: Settled,
): void {
  const { merchantId: merchant, shortcodeId: shortcode } = task
  const rows = statement.rows.length
  const { incomplete } = statement
  deps.log.info({ step: 'statement', merchant, shortcode, rows, incomplete, ...settled }, 'statement read')
  const missing = reading.missing.filter((payment) => payment.merchantId === merchant)
  if (missing.length === 0) return
  // An alarm and no verdict: what M-Pesa has said of a payment is not taken back for a gap in a list.
  deps.log.error(
    { step: 'statement', merchant, shortcode, payments: missing.slice(0, 20).map((each) => each.paymentId) },
    'payments that M-Pesa said were paid are missing from its statement',
  )
  deps.onPull('known_missing')
}
