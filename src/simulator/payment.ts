// One payment from its push to its callbacks: the prompt goes up, is answered or runs out, Daraja calls back.
import { type Plan, timeoutCode } from './behaviours.ts'
import { callbackBody } from './callback-body.ts'
import type { Payee } from './handset-texts.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Prompt } from './prompts.ts'
import type { Simulation } from './simulation.ts'

/** Copies of a callback are seen within seconds of each other. */
const COPY_SPACING_MS = 500

type Deps = Pick<
  Simulation,
  'clock' | 'log' | 'timers' | 'ids' | 'faults' | 'prompts' | 'callbacks' | 'changes'
>

/**
 * Starts a payment to `payee` as planned. The promise settles at once, except when the callback is to come
 * before the push's answer: then it settles when that callback was answered or given up.
 */
export async function beginPayment(
  deps: Deps,
  entry: LedgerEntry,
  { plan, payee }: { plan: Plan; payee: Payee },
): Promise<void> {
  let ended = false
  let cancel = (): void => undefined
  const end = (resultCode: string): Promise<void> => {
    if (ended) return Promise.resolve()
    ended = true
    cancel()
    if (plan.locksSubscriber) deps.prompts.remove(prompt)
    entry.endedAtMs = deps.clock.now()
    entry.resultCode = resultCode
    if (resultCode === '0') entry.receipt = deps.ids.receipt()
    deps.changes.entry(entry)
    return callBack(deps, entry, plan)
  }
  const endAfter = (resultCode: string, afterMs: number): void => {
    cancel()
    cancel = deps.timers.after(afterMs, () => void end(resultCode))
  }
  const prompt: Prompt = {
    entry,
    payee,
    isVisible: plan.promptShown,
    shownAtMs: entry.pushedAtMs,
    endsAtMs: entry.pushedAtMs + deps.timers.realMs(deps.faults.promptLifeMs),
    end: (resultCode) => void end(resultCode),
    ignore() {
      const leftMs = Math.max(0, prompt.endsAtMs - deps.clock.now())
      endAfter(timeoutCode(deps.faults, prompt.isVisible), deps.timers.simulatedMs(leftMs))
    },
  }
  if (plan.locksSubscriber) deps.prompts.show(prompt)
  if (plan.callback.timing === 'early') await end(plan.ends.resultCode)
  else endAfter(plan.ends.resultCode, plan.ends.afterMs)
}

/** Sends the planned callbacks; the promise is about the first of those that are sent at once. */
function callBack(deps: Deps, entry: LedgerEntry, plan: Plan): Promise<void> {
  const { timing, copies } = plan.callback
  if (copies === 0) return Promise.resolve()
  const body = callbackBody(entry, deps.faults)
  const firstAfterMs = timing === 'late' ? deps.faults.lateCallbackDelayMs : 0
  for (let copy = 1; copy < copies; copy++) {
    deps.timers.after(firstAfterMs + copy * COPY_SPACING_MS, () => void deliver(deps, entry, body))
  }
  if (firstAfterMs === 0) return deliver(deps, entry, body)
  deps.timers.after(firstAfterMs, () => void deliver(deps, entry, body))
  return Promise.resolve()
}

async function deliver(deps: Deps, entry: LedgerEntry, body: string): Promise<void> {
  entry.callbacksAttempted += 1
  deps.changes.entry(entry)
  const status = await deps.callbacks.send({ url: entry.callbackUrl, shortcode: entry.shortcode, body })
  if (status !== null && status >= 200 && status < 300) {
    entry.callbacksAnswered += 1
    deps.changes.entry(entry)
  }
  // The checkout id is left out, since it ends with the phone number; so is the address, which holds a token.
  else deps.log.debug({ merchantRequestId: entry.merchantRequestId, status }, 'a callback was not taken')
}
