// GET /simulator/watch: phones and the ledger as they change, as server-sent events. A connection begins with
// all that there is to see, so a page that lost one has missed nothing once it is back.
import type { Faults } from './faults.ts'
import type { LedgerEntry } from './ledger.ts'
import { phoneNumberError } from './phone-routes.ts'
import { describeEntry, describePhone, type LedgerView, type PhoneView } from './phone-view.ts'
import { jsonReply, mistakes, type Reply } from './reply.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

/** What the events hold, by their names. */
export type WatchEvents = {
  /** Each phone that this page is, whenever anything about it changed. */
  phone: PhoneView
  /** Pushes, newest first: the latest ones at the beginning (`isAll`), then those that changed. */
  ledger: { entries: LedgerView[]; count: number; isAll: boolean }
  settings: { faults: Faults; speed: number }
}

/** One page shows a handful of phones. */
const NUMBERS_MAX = 8
/** Pages of one machine; each costs a few hundred bytes, and a look at every change. */
const STREAMS_MAX = 100
/** As many pushes as a page shows, and so as many as one event holds. */
const ENTRIES_MAX = 100
/** Changes of one moment go out together, so that a flood of pushes is a few events a second. */
const FLUSH_AFTER_MS = 60
/** Keeps proxies from closing a quiet connection. */
const HEARTBEAT_MS = 15_000
/** Browsers wait this long before they connect again. */
const RETRY_MS = 1000

/** `numbers` are held as phones for as long as it lasts; `ledger=true` adds the ledger and the settings. */
export function watch(simulation: Simulation, { query }: SimulatorRequest): Reply {
  const numbers = [...new Set((query.get('numbers') ?? '').split(',').filter((part) => part !== ''))]
  const wrong = numbers.map(phoneNumberError).filter((error) => error !== null)
  if (numbers.length > NUMBERS_MAX) wrong.push(`numbers: at most ${NUMBERS_MAX}`)
  if (wrong.length > 0) return mistakes(wrong)
  if (simulation.streams.size >= STREAMS_MAX) {
    return jsonReply(503, { errors: ['too many pages are open; close one'] })
  }
  const withLedger = query.get('ledger') === 'true'
  return { kind: 'stream', open: (send) => openStream(simulation, { numbers, withLedger, send }) }
}

function openStream(
  simulation: Simulation,
  to: { numbers: string[]; withLedger: boolean; send: (text: string) => void },
): () => void {
  const { numbers, withLedger, send } = to
  const event = <Name extends keyof WatchEvents>(name: Name, data: WatchEvents[Name]): void =>
    send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const holds = numbers.map((number) => simulation.phones.hold(number))
  const pending = { phones: new Set(numbers), entries: new Map<number, LedgerEntry>(), settings: withLedger }
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    timer = null
    for (const number of pending.phones) {
      const phone = simulation.phones.answered(number)
      if (phone !== null) event('phone', describePhone(simulation, phone))
    }
    if (pending.entries.size > 0) event('ledger', ledgerOf(simulation, pending.entries, false))
    if (pending.settings) event('settings', { faults: simulation.faults, speed: simulation.timers.speed() })
    pending.phones.clear()
    pending.entries.clear()
    pending.settings = false
  }
  const soon = (): void => {
    timer ??= setTimeout(flush, FLUSH_AFTER_MS)
  }
  const unwatch = simulation.changes.watch({
    phone(number) {
      if (!numbers.includes(number)) return
      pending.phones.add(number)
      soon()
    },
    entry(entry) {
      if (!withLedger) return
      pending.entries.set(entry.sequence, entry)
      if (pending.entries.size > ENTRIES_MAX) pending.entries.delete(Math.min(...pending.entries.keys()))
      soon()
    },
    settings() {
      if (!withLedger) return
      pending.settings = true
      soon()
    },
  })
  send(`retry: ${RETRY_MS}\n\n`)
  if (withLedger) event('ledger', ledgerOf(simulation, null, true))
  flush()
  const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS)
  const close = (): void => {
    simulation.streams.delete(close)
    unwatch()
    clearInterval(heartbeat)
    if (timer !== null) clearTimeout(timer)
    for (const release of holds) release?.()
  }
  simulation.streams.add(close)
  return close
}

function ledgerOf(
  { ledger }: Simulation,
  changed: Map<number, LedgerEntry> | null,
  isAll: boolean,
): WatchEvents['ledger'] {
  const entries = changed === null ? ledger.list({}, ENTRIES_MAX) : [...changed.values()]
  entries.sort((one, other) => other.sequence - one.sequence)
  return { entries: entries.map(describeEntry), count: ledger.count(), isAll }
}
