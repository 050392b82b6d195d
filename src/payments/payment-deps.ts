// What the payment core is given by the composition root. Functions take the parts that they need of it.
import type { Clock } from '../clock.ts'
import type { DarajaClient } from '../daraja/client.ts'
import type { DarajaCredential } from '../daraja/credential.ts'
import type { Database } from '../db/database.ts'
import type { UntilAvailable } from '../db/until-available.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { Environment, Payment, PaymentEvent } from './payment.ts'
import type { NewDelivery } from './payment-move-store.ts'
import type { PaymentStore } from './payment-store.ts'
import type { QueryBudget } from './query-budget.ts'
import type { Waiters } from './waiters.ts'

/** A shortcode as far as a payment needs it. */
export type PaymentShortcode = { id: Uuid; environment: Environment; live: boolean }

/** How the core finds a merchant's shortcodes and their credentials. */
export type ShortcodeSource = {
  /** The shortcode named by id or number, else the merchant's first one of that side; null: none. */
  find(
    merchantId: Uuid,
    wanted: { live: boolean; shortcodeId: Uuid | null; number: string | null },
  ): Promise<PaymentShortcode | null>
  /** What Daraja needs to know who asks; null when the shortcode is gone. */
  credentialOf(merchantId: Uuid, shortcodeId: Uuid): Promise<DarajaCredential | null>
}

/** Told of every step, for metrics. Durations are in milliseconds. */
export type PaymentObserver = {
  created(payment: Payment): void
  /** The outcome of a push, or why it was not processed. */
  pushed(kind: string, durationMs: number, payment: Payment): void
  queried(kind: string, durationMs: number): void
  /** A callback, and how long until what it changed was committed. */
  callback(kind: string, durationMs: number): void
  /** A verdict, and how long after the prompt it came; null when there was no prompt. */
  settled(payment: Payment, sincePromptMs: number | null): void
}

/** The delivery side of this process. */
export type Delivering = {
  /** How long the deliveries of a move are this process's alone. */
  leaseMs: number
  /** Takes over the deliveries of one event; neither throws nor waits. */
  now(event: PaymentEvent, deliveries: NewDelivery[]): void
}

/** Everything that the payment core works with. */
export type PaymentDeps = {
  clock: Clock
  log: Logger
  newUuid: UuidSource
  /** This process, as leases name it. */
  process: Uuid
  /** How many processes share what M-Pesa and strangers may ask of this gateway; 1 unless told. */
  processes?: number
  store: PaymentStore
  /** For reads that nothing of a payment's life depends on: lists, feeds, backlogs. */
  db: Database
  daraja: Pick<DarajaClient, 'push' | 'query'>
  /** The questions that all processes together may put to M-Pesa. */
  budget: QueryBudget
  shortcodes: ShortcodeSource
  /** Where Daraja is to call back about a payment; unguessable. */
  callbackUrl(payment: Pick<Payment, 'merchantId' | 'id'>): string
  /** Delivers events from memory; null in a process without the worker role, whose rows a sweep takes. */
  deliver: Delivering | null
  waiters: Waiters
  observe: PaymentObserver
  /** Holds on to a fact while the database is away. */
  untilAvailable: UntilAvailable
  /** From 0 up to 1. */
  random: () => number
  /** Resolves after so many milliseconds: a synchronous caller waits a moment for room. */
  pause: (ms: number) => Promise<unknown>
}
