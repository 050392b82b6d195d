// Alerts by mail: looking for what is wrong about once a minute, and sending what is due. Any number of
// processes may do so: rows are claimed, so that each mail is one process's.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { Mailer } from '../mail/mailer.ts'
import { readMerchantSettings } from '../merchants/merchant-settings-store.ts'
import type { AlertIncident } from './alert-incident.ts'
import {
  claimLook,
  closeFailures,
  closeIncidents,
  closeUnjudged,
  countEnds,
  listWatchedSides,
  openFailures,
  openIncidents,
  type WatchedSide,
} from './alert-look-store.ts'
import { alertMail } from './alert-mail.ts'
import { claimMail, noteTold, noteUntold, recipientsOf } from './alert-mail-store.ts'
import { failureShare, judgeFailures } from './failure-share.ts'

/** What watches and tells; once aborted it goes on with nothing more. */
export type Alerts = {
  /** Looks at every watched merchant, once a minute in all processes; how many sides were looked at. */
  look(signal: AbortSignal): Promise<number>
  /** Sends the mails that are due; how many. A mail under way is cut off, and due again at once. */
  send(signal: AbortSignal): Promise<number>
}

/** What it works with. */
export type AlertDeps = {
  db: Database
  clock: Clock
  log: Logger
  mailer: Pick<Mailer, 'send'>
  /** Whose leases they are. */
  process: Uuid
  /** Where the dashboard is. */
  publicUrl: () => string
}

/** A minute late is early enough for a mail, and a look at all merchants is not for every second. */
const LOOK_EVERY_MS = 60_000
/** Merchants whose payments one statement counts. */
const MERCHANTS_AT_ONCE = 50
/** Longer than twenty recipients take with a mail server that is slow but answers. */
const LEASE_MS = 5 * 60_000
/** Mails of one run; after so many there may be more. */
export const MAILS_AT_ONCE = 20
/** A mail that a server does not take is tried again after these pauses; given up after six hours. */
const RETRY_AFTER_MINUTES = [1, 5, 15, 60, 120, 160]

/** Alerts of one process. */
export function createAlerts(deps: AlertDeps): Alerts {
  return {
    async look(signal) {
      const now = new Date(deps.clock.now())
      if (!(await claimLook(deps, now, LOOK_EVERY_MS))) return 0
      // What is over first: what has begun again since is told anew.
      await closeIncidents(deps, now)
      await openIncidents(deps, now)
      return lookAtFailures(deps, now, signal)
    },
    async send(signal) {
      let sent = 0
      while (sent < MAILS_AT_ONCE && !signal.aborted && (await sendNext(deps, signal))) sent += 1
      return sent
    },
  }
}

async function lookAtFailures(deps: AlertDeps, now: Date, signal: AbortSignal): Promise<number> {
  let looked = 0
  for (let after: Uuid | null = null; !signal.aborted; ) {
    const sides = await listWatchedSides(deps, after, MERCHANTS_AT_ONCE)
    const last = sides.at(-1)
    if (last === undefined) break
    const ends = await countEnds(deps, sides, now.getTime())
    const unjudged: WatchedSide[] = []
    for (const [index, side] of sides.entries()) {
      const share = failureShare(ends[index] ?? [])
      const verdict = judgeFailures(share, side)
      if (verdict === 'trouble') await openFailures(deps, side, now, { ...share, minutes: side.minutes })
      if (verdict === 'fine') await closeFailures(deps, side, now)
      if (share.tried < side.paymentsMin) unjudged.push(side)
    }
    await closeUnjudged(deps, unjudged, now)
    looked += sides.length
    after = last.merchantId
  }
  return looked
}

/** Sends one mail that is due; false when none is. */
async function sendNext(deps: AlertDeps, signal: AbortSignal): Promise<boolean> {
  const nowMs = deps.clock.now()
  const until = new Date(nowMs + LEASE_MS)
  const incidents = await claimMail(deps, { now: new Date(nowMs), process: deps.process, until })
  const [first] = incidents
  if (first === undefined) return false
  const kept = await readMerchantSettings(deps, first.merchantId)
  // Settings may have changed since it was seen: who is not to be told is not.
  const recipients = kept === null ? [] : recipientsOf(kept, first.kind)
  if (kept === null || recipients.length === 0) {
    await noteTold(deps, { incidents, process: deps.process, now: new Date(nowMs) }, false)
    return true
  }
  const told: Told = { toldTo: [], isComplete: true }
  for (const to of recipients) {
    const untold = incidents.filter((each) => isToHear(each, to))
    if (untold.length === 0) continue
    const mail = { to, ...alertMail(untold, kept.settings, deps.publicUrl()) }
    const isTold = !signal.aborted && (await deps.mailer.send(mail, signal)).code !== 'failed'
    if (isTold) told.toldTo.push(to)
    else told.isComplete = false
  }
  await note(deps, incidents, { ...told, isCutOff: signal.aborted })
  return true
}

/** Whom a mail has reached, and whether nobody is left. */
type Told = { toldTo: string[]; isComplete: boolean }

function isToHear({ toldTo, isTold, overTo }: AlertIncident, to: string): boolean {
  return !toldTo.includes(to) && (!isTold || overTo === null || overTo.includes(to))
}

async function note(
  deps: AlertDeps,
  incidents: readonly AlertIncident[],
  told: Told & { isCutOff: boolean },
): Promise<void> {
  const now = new Date(deps.clock.now())
  const claimed = { incidents, process: deps.process, now }
  const { toldTo } = told
  if (told.isComplete) return noteTold(deps, claimed, toldTo.length > 0)
  // What this process did not get to is another's now, and no failure of the mail server's.
  if (told.isCutOff) return noteUntold(deps, claimed, { toldTo, dueAt: now, tries: 0 })
  const attempts = Math.max(...incidents.map((each) => each.attempts))
  const minutes = RETRY_AFTER_MINUTES[attempts]
  if (minutes === undefined) {
    const [{ merchantId, kind } = {}] = incidents
    deps.log.error({ merchantId, kind, matters: incidents.length }, 'an alert could not be mailed; given up')
  }
  const dueAt = minutes === undefined ? null : new Date(now.getTime() + minutes * 60_000)
  await noteUntold(deps, claimed, { toldTo, dueAt, tries: 1 })
}
