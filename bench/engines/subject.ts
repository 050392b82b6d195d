// A delivery engine that is measured: what it takes to give it work, let it go, and see that it is done.
import { type BenchChild, startBenchChild } from '../child-process.ts'
import { readFamilyMs, readProcessMs } from '../processor-time.ts'
import type { Received } from './receiver-process.ts'

/** One engine with its store. */
export type Subject = {
  name: string
  enginePid: number
  /** PostgreSQL or Redis; null where nothing is kept. */
  storePid: number | null
  /** Makes `count` webhooks ready, and not yet begun. */
  fill(count: number): Promise<void>
  /** Lets them be sent from now on. */
  begin(): Promise<void>
  /** Resolves once its store holds none of them as open. */
  settled(): Promise<void>
  /** Ends what `begin` began. */
  rest(): Promise<void>
}

/** What sending them came to. Processor time is of one webhook, in milliseconds. */
export type Drain = {
  perSecond: number
  engineMsEach: number | null
  storeMsEach: number | null
  receiverMsEach: number | null
}

const MS_PER_SECOND = 1_000
/** The slowest engine sends some hundred a second. */
const PER_SECOND_MIN = 100
const LIMIT_MIN_MS = 60_000

/** Has `subject` send `count` webhooks. Throws unless each came exactly once, with a good signature. */
export async function measureDrain(subject: Subject, receiver: BenchChild, count: number): Promise<Drain> {
  await receiver.call('reset')
  await subject.fill(count)
  const read = () =>
    Promise.all([
      readProcessMs(subject.enginePid),
      subject.storePid === null ? 0 : readFamilyMs(subject.storePid),
      readProcessMs(receiver.pid),
    ])
  const before = await read()
  await subject.begin()
  const limitMs = LIMIT_MIN_MS + (count / PER_SECOND_MIN) * MS_PER_SECOND
  await receiver.call('until', { count, limitMs })
  await subject.settled()
  const after = await read()
  await subject.rest()
  const received = readReceived(await receiver.call('received'))
  checkReceived(subject.name, count, received)
  const [engineMsEach = null, storeMsEach = null, receiverMsEach = null] = after.map((to, index) => {
    const from = before[index] ?? null
    return to === null || from === null ? null : (to - from) / count
  })
  const seconds = (received.lastAtMs - received.firstAtMs) / MS_PER_SECOND
  return { perSecond: count / seconds, engineMsEach, storeMsEach, receiverMsEach }
}

/** Throws unless `count` webhooks came exactly once, with good signatures. */
export function checkReceived(name: string, count: number, received: Received): void {
  const { webhooks, repeats, unverified, verified } = received
  if (webhooks === count && repeats === 0 && unverified === 0 && verified > 0) return
  throw new Error(`${name}: of ${count} webhooks the receiver has ${JSON.stringify(received)}`)
}

/** A process of this folder. */
export function startEngine(stack: AsyncDisposableStack, file: string): BenchChild {
  return startBenchChild(stack, `engines/${file}`)
}

/** From the receiver's process, which is of this folder. */
export function readReceived(value: unknown): Received {
  return value as Received
}
