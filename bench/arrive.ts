// Payments at a fixed rate, as a scenario asks the load process for them.
import type { ArrivalLook, ArrivalOrder } from './arrivals.ts'
import type { DurationSummary } from './durations.ts'
import { untilSettled } from './phase.ts'
import type { Stage } from './stage.ts'
import type { Subject } from './subjects.ts'

/** What came of them. */
export type Arrived = ArrivalLook & {
  /** From Daraja's callback to the webhook at the receiver. */
  callbacks: DurationSummary
}

/** How many a second, how long, and on which path if not the subject's own. */
export type ArrivalShape = Pick<ArrivalOrder, 'perSecond' | 'seconds' | 'connections'> & { path?: string }

/** Begins; `finish` resolves when all are told of and nothing is under way. */
export async function beginArrivals(
  stage: Stage,
  subject: Subject,
  shape: ArrivalShape,
): Promise<{ look(): Promise<ArrivalLook>; finish(): Promise<Arrived> }> {
  const { origins, path, apiKey } = subject
  await stage.load.call('expectSecret', subject.webhookSecret)
  await subject.wake()
  await stage.load.call('callbackDurations')
  const order: ArrivalOrder = { origins, path, apiKey, ...shape }
  await stage.load.call('arrive', order)
  return {
    look: async () => readLook(await stage.load.call('look')),
    async finish() {
      const looked = readLook(await stage.load.call('finish'))
      const callbacks = readSummary(await stage.load.call('callbackDurations'))
      await untilSettled(subject)
      await subject.rest()
      return { ...looked, callbacks }
    },
  }
}

/** Both come from the load process, which is of this folder. */
function readLook(value: unknown): ArrivalLook {
  return value as ArrivalLook
}

function readSummary(value: unknown): DurationSummary {
  return value as DurationSummary
}
