// What one process looks at payments with: totals of verdicts, the live side, searches and exports.
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditLog } from './audit/audit-log.ts'
import type { CoreParts } from './compose-core.ts'
import { bindPaymentInsight, type PaymentInsight } from './http/v1/payment-insight.ts'
import type { ShortcodeDirectory } from './merchants/shortcode-directory.ts'
import { createPhoneSweep } from './payments/forget-phones.ts'
import type { PaymentObserver } from './payments/payment-deps.ts'
import { readMoment, readSideChanges } from './payments/side-change-store.ts'
import { createSideFeeds } from './payments/side-feed.ts'
import { createVerdictTotals } from './payments/verdict-totals.ts'

/** The insight of one process. */
export type Insight = {
  insight: PaymentInsight
  observe: Pick<PaymentObserver, 'settled'>
  /** Forgets phone numbers as their merchants have set it; how many payments. See `createPhoneSweep`. */
  forgetPhones(signal: AbortSignal): Promise<number>
  /** Ends what it does by itself. */
  close(): Promise<void>
}

/** Wires it. Nothing runs until somebody looks, or very much was settled. */
export function createInsight(
  parts: Pick<CoreParts, 'clock' | 'log' | 'db' | 'asked'> & {
    shortcodes: Pick<ShortcodeDirectory, 'find'>
    audit: Pick<AuditLog, 'record'>
  },
): Insight {
  const { clock, log, db, asked, shortcodes, audit } = parts
  const pause = (ms: number, signal: AbortSignal) =>
    sleep(ms, undefined, { signal, ref: false }).catch(() => {})
  const totals = createVerdictTotals({ db, clock, log })
  const feeds = createSideFeeds({
    clock,
    log,
    read: (side, since, limit) => readSideChanges({ db: asked }, side, since, { limit, nowMs: clock.now() }),
    now: () => readMoment({ db: asked }, clock.now()),
    pause,
  })
  return {
    insight: bindPaymentInsight({ db: asked, clock, totals, feeds, shortcodes }),
    observe: { settled: totals.settled },
    forgetPhones: createPhoneSweep({
      db,
      clock,
      log,
      pause,
      noted: ({ merchantId, live }, payments) =>
        audit.record({
          ...{ merchantId, live, actor: { kind: 'system' }, ip: null, userAgent: null },
          ...{ action: 'phones.erased', target: null, detail: { payments } },
        }),
    }),
    async close() {
      feeds.close()
      totals.close()
      await totals.idle()
    },
  }
}
