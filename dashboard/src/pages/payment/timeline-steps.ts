// The steps of a payment's life as the page shows them: one line each, with its time and its evidence.
import type { PaymentTrail, TrailStep } from '../../api/payments.ts'

/** What a step means for the one who reads. */
export type StepTone = 'plain' | 'good' | 'bad' | 'doubt'

/** One step. `callback`: what an odd callback said. `isVerdict`: the payment's evidence is about it. */
export type ShownStep = {
  key: string
  at: string
  sincePreviousMs: number | null
  what: TrailStep['what']
  /** The type of an event, or the kind of an odd callback. */
  kind: string | null
  detail: string | null
  tone: StepTone
  isVerdict: boolean
  callback: { reason: string; ip: string | null; body: string } | null
}

const TONES: Readonly<Record<string, StepTone>> = {
  'payment.succeeded': 'good',
  'payment.failed': 'bad',
  'payment.uncertain': 'doubt',
  'payment.corrected': 'bad',
  'payment.contradicted': 'bad',
  refused: 'bad',
  contradicted: 'bad',
}
const VERDICTS = new Set(['payment.succeeded', 'payment.failed', 'payment.corrected'])

/** The steps of `trail`, in the order in which they happened. */
export function stepsOf(trail: PaymentTrail): ShownStep[] {
  const odd = [...trail.callbacks]
  const verdictAt = trail.life.findLast(({ what, detail }) => what === 'event' && VERDICTS.has(detail))?.at
  const life = causesFirst(trail)
  return life.map((step, nth) => {
    const previous = life[nth - 1]
    const callback = step.what === 'callback' ? takeAt(odd, step.at) : null
    const kind = step.what === 'event' ? step.detail : (callback?.kind ?? null)
    return {
      key: `${step.at} ${step.what} ${step.detail}`,
      at: step.at,
      sincePreviousMs:
        previous === undefined ? null : Math.max(0, Date.parse(step.at) - Date.parse(previous.at)),
      what: step.what,
      kind,
      detail: detailOf(step, trail),
      tone: TONES[kind ?? ''] ?? 'plain',
      isVerdict: step.what === 'event' && VERDICTS.has(step.detail) && step.at === verdictAt,
      callback,
    }
  })
}

/** The question that settled a payment is noted with its verdict, and came before it. */
function causesFirst({ life, payment }: PaymentTrail): TrailStep[] {
  const asked = life.findIndex(({ what }) => what === 'question')
  const before = life[asked - 1]
  const question = life[asked]
  if (question === undefined || before === undefined || payment.evidence?.source !== 'query') return life
  if (before.what !== 'event' || !VERDICTS.has(before.detail)) return life
  return [...life.slice(0, asked - 1), question, before, ...life.slice(asked + 1)]
}

function detailOf(step: TrailStep, trail: PaymentTrail): string | null {
  if (step.what === 'question') return trail.last_question?.detail ?? step.detail
  return step.what === 'statement' ? step.detail : null
}

function takeAt<T extends { received_at: string }>(callbacks: T[], at: string): T | null {
  const nth = callbacks.findIndex(({ received_at }) => received_at === at)
  return nth < 0 ? null : (callbacks.splice(nth, 1)[0] ?? null)
}
