// What one process looks at payments with: totals of verdicts, the live side, searches and exports.
import { setTimeout as sleep } from 'node:timers/promises'
import type { CoreParts } from './compose-core.ts'
import { bindPaymentInsight, type PaymentInsight } from './http/v1/payment-insight.ts'
import type { ShortcodeDirectory } from './merchants/shortcode-directory.ts'
import type { PaymentObserver } from './payments/payment-deps.ts'
import { readMoment, readSideChanges } from './payments/side-change-store.ts'
import { createSideFeeds } from './payments/side-feed.ts'
import { createVerdictTotals } from './payments/verdict-totals.ts'

/** The insight of one process. */
export type Insight = {
  insight: PaymentInsight
  observe: Pick<PaymentObserver, 'settled'>
  /** Ends what it does by itself. */
  close(): Promise<void>
}

/** Wires it. Nothing runs until somebody looks, or very much was settled. */
export function createInsight(
  parts: Pick<CoreParts, 'clock' | 'log' | 'db' | 'asked'> & { shortcodes: Pick<ShortcodeDirectory, 'find'> },
): Insight {
  const { clock, log, db, asked, shortcodes } = parts
  const totals = createVerdictTotals({ db, clock, log })
  const feeds = createSideFeeds({
    clock,
    log,
    read: (side, since, limit) => readSideChanges({ db: asked }, side, since, { limit, nowMs: clock.now() }),
    now: () => readMoment({ db: asked }, clock.now()),
    pause: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => {}),
  })
  return {
    insight: bindPaymentInsight({ db: asked, clock, totals, feeds, shortcodes }),
    observe: { settled: totals.settled },
    async close() {
      feeds.close()
      totals.close()
      await totals.idle()
    },
  }
}
