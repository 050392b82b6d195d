// A merchant that wants to be told, on a database of its own, with a mailer that keeps what it is given.
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { manualClock } from '../../clock.ts'
import { createUuidSource, type Uuid } from '../../ids.ts'
import { silentLogger } from '../../log.ts'
import type { Mail, MailOutcome } from '../../mail/mailer.ts'
import { changeMerchantSettings } from '../../merchants/change-settings.ts'
import type { MerchantSettings } from '../../merchants/merchant-settings.ts'
import { createMerchant } from '../../merchants/merchants.ts'
import { createAlerts } from '../alerts.ts'

/** The bench; dispose of it. */
export type AlertBench = AsyncDisposable & {
  db: TestDatabase
  clock: ReturnType<typeof manualClock>
  newUuid: () => Uuid
  mails: Mail[]
  /** What the mail server does with a mail; it takes it unless a test says otherwise. */
  onMail: { answer: (mail: Mail) => Promise<MailOutcome> }
  /** Another process, which closes when `closing` is aborted. */
  another(closing?: AbortSignal): { look(): Promise<number>; send(): Promise<number> }
  addMerchant(settings?: Partial<MerchantSettings>): Promise<Uuid>
  set(merchantId: Uuid, settings: Partial<MerchantSettings>): Promise<void>
  /** What the sweeps do in time: look, and send all that is due. Resolves to the mails of it. */
  pass(ms: number): Promise<Mail[]>
}

const MINUTE_MS = 60_000
/** Looks of one pass: a longer one takes longer steps. */
const STEPS_MAX = 6
/** Who is told. */
export const OWNER = 'amina@shop.example'

/** Makes a bench without a merchant. */
export async function createAlertBench(): Promise<AlertBench> {
  const db = await createTestDatabase()
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const base = { db: db.pool, clock, newUuid }
  const mails: Mail[] = []
  const onMail: AlertBench['onMail'] = { answer: async () => ({ code: 'sent' }) }
  const send = async (mail: Mail) => {
    const outcome = await onMail.answer(mail)
    if (outcome.code !== 'failed') mails.push(mail)
    return outcome
  }
  const publicUrl = () => 'https://pay.shop.example'
  const another: AlertBench['another'] = (closing = new AbortController().signal) => {
    const deps = { ...base, log: silentLogger, mailer: { send }, process: newUuid(), publicUrl }
    const { look, send: sendDue } = createAlerts(deps)
    return { look: () => look(closing), send: () => sendDue(closing) }
  }
  const alerts = another()
  const set = async (merchantId: Uuid, settings: Partial<MerchantSettings>) => {
    const changed = await changeMerchantSettings(base, merchantId, settings)
    if (changed.code !== 'changed') throw new Error(changed.code)
  }
  return {
    ...{ db, clock, newUuid, mails, onMail, another, set },
    async addMerchant(settings = {}) {
      const made = await createMerchant(base, { name: 'Duka' })
      if (made.code !== 'created') throw new Error(made.code)
      await set(made.merchant.id, { alert_emails: [OWNER], ...settings })
      return made.merchant.id
    },
    async pass(ms) {
      const before = mails.length
      const stepMs = Math.max(MINUTE_MS, ms / STEPS_MAX)
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.advance(stepMs)
        await alerts.look()
        while ((await alerts.send()) > 0);
      }
      return mails.slice(before)
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
}
