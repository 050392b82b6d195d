// Alerts by mail, wired: of a process that does background work.
import { createAlerts, MAILS_AT_ONCE } from './alerts/alerts.ts'
import type { Core } from './compose-core.ts'
import type { Database } from './db/database.ts'
import { type Sweep, startSweep } from './db/sweep.ts'
import type { Logger } from './log.ts'

/** How late a mail may be; looking itself is done once a minute by all processes together. */
const ALERTS_EVERY_MS = 5_000

/** Starts looking for what is wrong, and mailing it. */
export function startAlerts(
  parts: {
    core: Pick<Core, 'clock' | 'mailer' | 'newUuid'>
    db: Database
    log: Logger
    publicUrl: () => string
  },
  { onError, intervalMs = ALERTS_EVERY_MS }: Omit<Parameters<typeof startSweep>[1], 'fullBatch'>,
): Sweep {
  const { core, db, log, publicUrl } = parts
  const { clock, mailer, newUuid } = core
  const alerts = createAlerts({ db, clock, log, mailer, process: newUuid(), publicUrl })
  const tasks = [
    { name: 'alerts', run: alerts.look },
    { name: 'alert mails', run: alerts.send },
  ]
  return startSweep(tasks, { onError, intervalMs, fullBatch: MAILS_AT_ONCE })
}
