// What the gateway adds at a moderate fixed rate: to the answer of a synchronous push, and from M-Pesa's
// callback to the webhook at the receiver.
import { type ArrivalShape, type Arrived, beginArrivals } from '../arrive.ts'
import { checkLedgers } from '../ledger-check.ts'
import type { BenchOptions } from '../options.ts'
import { SYNC_PATH } from '../payment-request.ts'
import { spreadText } from '../phase-table.ts'
import type { Scenario } from '../scenario.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { type Spread, spreadOfKnown } from '../statistics.ts'
import { runSubjectRounds } from '../subject-rounds.ts'
import { gatewaySubject, type Subject, startFloor, startPlain } from '../subjects.ts'

const SECONDS = 10
const ROUNDS = 3
const RATE = 200
const CONNECTIONS = 256
/** As Daraja answers on a good day, and as fast a customer as there could be. */
const DELAYS = { pushMs: 300, callbackMs: 1_000 }
const START_SECONDS = 60
const SETTLE_SECONDS = 30
const MS_DIGITS = 2

/** Added latency. */
export const latency: Scenario = {
  name: 'latency',
  about: 'added latency of a synchronous push, and callback to webhook, at a fixed rate (200 a second)',
  isQuick: true,
  limitSeconds(options) {
    const { seconds, rounds } = shapeOf(options)
    return START_SECONDS + 3 * (rounds + 1) * (seconds + SETTLE_SECONDS)
  },
  async run({ options, dir, stack, say }) {
    const { seconds, rounds, perSecond } = shapeOf(options)
    const stage = await setStage(stack, dir, {})
    await setDelays(stage, DELAYS)
    const gateway = gatewaySubject(stage.gateways, stage)
    const others = [await startFloor(stack, stage), await startPlain(stack, stage)]
    const made = { accepted: 0, others: 0 }
    const plan = { rounds, connections: [CONNECTIONS], subjects: [gateway, ...others], say }
    const measured = await runSubjectRounds(plan, async (subject, connections) => {
      const path = subject === gateway ? SYNC_PATH : subject.path
      const arrived = await arrive(stage, subject, { path, connections, seconds, perSecond })
      made[subject === gateway ? 'accepted' : 'others'] += arrived.counts.answered
      return arrived
    })
    await checkLedgers(stage, made)
    const figures: Record<string, Spread | null> = {}
    const row = (
      name: string,
      title: string,
      subject: string,
      read: (arrived: Arrived) => (number | null)[],
    ) => {
      const found = measured.find((each) => each.subject === subject)?.rounds ?? []
      const [p50, p99, max] = [0, 1, 2].map((at) =>
        spreadOfKnown(found.map((each) => read(each)[at] ?? null)),
      )
      figures[`${subject}.${name}.p50Ms`] = p50 ?? null
      figures[`${subject}.${name}.p99Ms`] = p99 ?? null
      return [`${title}, ${subject}`, ...[p50, p99, max].map((each) => spreadText(each ?? null, MS_DIGITS))]
    }
    const webhookRow = (subject: string) =>
      row('callbackToWebhook', 'callback → webhook, ms', subject, ({ callbacks }) => threeOf(callbacks))
    const rows = [
      row('addedToPush', 'added to a synchronous push, ms', 'gateway', ({ answers }) => threeOf(answers)),
      ...measured.map(({ subject }) => webhookRow(subject)),
    ]
    const late = measured.flatMap((each) => each.rounds).reduce((sum, { counts }) => sum + counts.late, 0)
    return {
      name: 'latency',
      title: `Added latency at ${perSecond} payments a second`,
      tables: [{ title: '', columns: ['', 'half within', '99 of 100 within', 'at most'], rows }],
      figures: { ...figures, late, checkedPayments: made.accepted },
      plots: [],
      notes: [
        `${rounds} rounds of ${seconds} s; in brackets their extent. Payments arrive at a fixed rate, ` +
          'whatever became of those before, and are timed from when they should have begun.',
        `Daraja answers a push after ${DELAYS.pushMs} ms and calls back ${DELAYS.callbackMs} ms later. ` +
          'What it really took is measured there and taken off. The synchronous push is ' +
          'POST /api/mpesa/stkPush.',
      ],
    }
  },
}

async function arrive(stage: Stage, subject: Subject, shape: ArrivalShape): Promise<Arrived> {
  const arrived = await (await beginArrivals(stage, subject, shape)).finish()
  const { failed, firstFailure } = arrived.counts
  if (failed > 0) throw new Error(`${subject.name}: ${failed} payments failed, the first: ${firstFailure}`)
  return arrived
}

function threeOf({ p50Ms, p99Ms, maxMs }: Arrived['answers']): (number | null)[] {
  return [p50Ms, p99Ms, maxMs]
}

function shapeOf({ seconds, rounds, rate }: BenchOptions) {
  return { seconds: seconds ?? SECONDS, rounds: rounds ?? ROUNDS, perSecond: rate ?? RATE }
}
