// Merchants who pay without pause through whatever befalls the gateway, and the audit of what they were told
// against what the simulator really did.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { TestGateway } from './gateway.ts'
import { until } from './gateway.ts'

/** What the merchants were told, by reference. */
export type Told = {
  /** The payments that were acknowledged. */
  acknowledged: Set<string>
  /** Answered 503: nothing was sent, nothing will be. */
  refused: Set<string>
  /** No answer at all: anything may have become of it. */
  unknown: Set<string>
}

/** Merchants at work; disposing of them stops them too. */
export type Payers = Told &
  AsyncDisposable & {
    /** Resolves when the last answer is there. */
    stop(): Promise<void>
  }

const AT_ONCE = 6
const AFTER_REFUSAL_MS = 30
/** No request of theirs waits for Daraja; twice what the gateway may take to say no. */
const ANSWER_LIMIT_MS = 30_000

/** Starts merchants who pay at `bed` until stopped, so many at once; `name` begins their references. */
export function startPayers(bed: TestGateway, name: string, atOnce = AT_ONCE): Payers {
  const told: Told = { acknowledged: new Set(), refused: new Set(), unknown: new Set() }
  const stop = new AbortController()
  let made = 0
  async function payOn(): Promise<void> {
    while (!stop.signal.aborted) {
      made += 1
      const reference = `${name}${made}`
      if (!(await payOnce(bed, reference, 10_000_000 + made, told))) await sleep(AFTER_REFUSAL_MS)
    }
  }
  const running = Promise.all(Array.from({ length: atOnce }, payOn))
  const end = async () => {
    stop.abort()
    await running
  }
  return { ...told, stop: end, [Symbol.asyncDispose]: end }
}

/** True when it was acknowledged. */
async function payOnce(bed: TestGateway, reference: string, number: number, told: Told): Promise<boolean> {
  const body = JSON.stringify({ phone: `2547${number}`, amount: 1, reference })
  const headers = { 'x-api-key': bed.merchant.key, 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS)
  const init = { method: 'POST', body, headers, signal }
  const answer = await fetch(`${bed.gateway.url}/v1/payments`, init).catch(() => null)
  const text = answer === null ? null : await answer.text().catch(() => null)
  if (answer === null || text === null) {
    told.unknown.add(reference)
    return false
  }
  if (answer.status === 201) {
    told.acknowledged.add(reference)
    return true
  }
  assert.equal(answer.status, 503, text)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  told.refused.add(reference)
  return false
}

type Entry = { reference: string; promptShown: boolean; endedAtMs: number | null; receipt: string | null }
type Row = { reference: string; state: string; outcome: string | null; receipt: string | null }

/**
 * Fails unless every acknowledged payment is there and paid or open to M-Pesa's verdict, nothing that was
 * refused was sent, nothing was prompted twice, and nothing stays behind on its way to Daraja.
 */
export async function auditPayers(bed: TestGateway, db: pg.Pool, told: Told): Promise<void> {
  // First: what is still to be sent is in no ledger yet.
  await until('the end of what was under way', () => isQuiet(db))
  const ended = await until('the last callbacks', async () => {
    const entries = await readLedger(bed)
    return entries.every((entry) => entry.endedAtMs !== null) && entries
  })
  const prompts = Map.groupBy(ended, (entry) => entry.reference)
  for (const [reference, entries] of prompts) {
    assert.equal(entries.length, 1, `${reference} was pushed twice`)
    assert.ok(!told.refused.has(reference), `${reference} was refused and sent all the same`)
  }
  const { rows } = await db.query<Row>('select reference, state, outcome, receipt from payments')
  const kept = new Map(rows.map((row) => [row.reference, row]))
  for (const reference of told.acknowledged) {
    const payment = kept.get(reference)
    assert.ok(payment !== undefined, `${reference} was acknowledged and is lost`)
    assert.notEqual(payment.outcome, 'not_sent', `${reference} was acknowledged and given up`)
    const receipt = prompts.get(reference)?.[0]?.receipt
    if (payment.state === 'succeeded') assert.equal(payment.receipt, receipt, reference)
    else assert.equal(payment.state, 'pending', reference)
  }
  for (const reference of told.refused) {
    const outcome = kept.get(reference)?.outcome ?? 'not_sent'
    assert.equal(outcome, 'not_sent', `${reference} was refused, is there and not given up`)
  }
}

async function isQuiet(db: pg.Pool): Promise<boolean> {
  const { rows } = await db.query<{ count: string }>(
    `select count(*) as count from payments where state in ('queued', 'sending')`,
  )
  return rows[0]?.count === '0'
}

/** The whole ledger, page by page. */
async function readLedger(bed: TestGateway): Promise<Entry[]> {
  const entries: Entry[] = []
  let before = ''
  for (;;) {
    const page = await bed.simulator('GET', `/simulator/ledger?limit=1000${before}`)
    assert.ok(Array.isArray(page.entries), JSON.stringify(page))
    entries.push(...(page.entries as Entry[]))
    if (page.nextBefore === null || page.entries.length === 0) return entries
    before = `&before=${page.nextBefore}`
  }
}
