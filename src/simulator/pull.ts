// POST /pulltransactions/v1/query: the payments that a shortcode really got, as its ledger has them
// (Daraja, Pull Transactions).
import { createHash } from 'node:crypto'
import { readToken } from './access.ts'
import { eatStamp } from './eat-time.ts'
import { parseJsonObject, textField } from './json-body.ts'
import type { LedgerEntry } from './ledger.ts'
import type { PullSwitches } from './pull-switches.ts'
import { invalidField, jsonReply, REFUSALS, type Reply, refusalReply } from './reply.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const SHORTCODE_FORM = /^\d{5,7}$/
const TIME_FORM = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const OFFSET_FORM = /^\d{1,6}$/
const EAT_OFFSET_MS = 10_800_000
/** Only the last 48 hours are kept for this API. */
const KEPT_MS = 48 * 3_600_000
/** A payment ends within an hour of its push, whatever the switches say. */
const LIFE_MAX_MS = 3_600_000
const PAID = '0'

/** Answers one page of a statement. */
export function answerPull(simulation: Simulation, request: SimulatorRequest): Reply {
  const { pull } = simulation
  const access = readToken(simulation, request.headers)
  if (!access.ok) return refusalReply(simulation, access.refusal)
  if (pull.fault === 'error') return refusalReply(simulation, REFUSALS.internalError)
  const body = parseJsonObject(request.body)
  if (body === null) return refusalReply(simulation, invalidField('Request Body'))
  const shortcode = textField(body, 'ShortCode')
  const fromMs = eatTime(textField(body, 'StartDate'))
  const toMs = eatTime(textField(body, 'EndDate'))
  const offset = textField(body, 'OffSetValue')
  if (!SHORTCODE_FORM.test(shortcode)) return refusalReply(simulation, invalidField('ShortCode'))
  if (fromMs === null) return refusalReply(simulation, invalidField('StartDate'))
  if (toMs === null) return refusalReply(simulation, invalidField('EndDate'))
  if (!OFFSET_FORM.test(offset)) return refusalReply(simulation, invalidField('OffSetValue'))
  if (typeof simulation.credentials.find(access.consumerKey, shortcode) === 'string') {
    return refusalReply(simulation, REFUSALS.unknownMerchant)
  }
  if (pull.fault === 'no_records') return noRecords(simulation)
  const entries = paidBetween(simulation, shortcode, fromMs, toMs)
  return page(simulation, entries, Number(offset))
}

/** Newest first. What a caller asks for beyond 48 hours is not there. */
function paidBetween(simulation: Simulation, shortcode: string, fromMs: number, toMs: number): LedgerEntry[] {
  const { clock, timers, pull, ledger } = simulation
  const nowMs = clock.now()
  const oldestMs = Math.max(fromMs, nowMs - KEPT_MS)
  // EndDate has whole seconds and means all of its last one.
  const newestMs = Math.min(toMs + 999, nowMs - timers.realMs(pull.lagMs))
  const found: LedgerEntry[] = []
  ledger.visit((entry) => {
    const { endedAtMs } = entry
    const isPaid = entry.resultCode === PAID && entry.shortcode === shortcode && endedAtMs !== null
    if (isPaid && endedAtMs >= oldestMs && endedAtMs <= newestMs && !isOmitted(pull, entry)) found.push(entry)
    return entry.pushedAtMs >= oldestMs - LIFE_MAX_MS
  })
  return found.sort((one, other) => (other.endedAtMs ?? 0) - (one.endedAtMs ?? 0))
}

/** The same payments each time, so that no second look finds them. */
function isOmitted({ omitted }: PullSwitches, entry: LedgerEntry): boolean {
  if (omitted === 0) return false
  const digest = createHash('sha256').update(String(entry.receipt)).digest()
  return digest.readUInt32BE(0) / 2 ** 32 < omitted
}

function page(simulation: Simulation, entries: LedgerEntry[], offset: number): Reply {
  const { pull, ids, faults } = simulation
  const skipped = { pages: offset * pull.pageSize, rows: offset, ignored: 0 }[pull.offset]
  const shown = entries.slice(skipped, skipped + pull.pageSize)
  if (shown.length === 0) return noRecords(simulation)
  const rows = shown.map((entry) => row(pull, entry))
  const answer = {
    ResponseRefID: ids.request(faults.idForm),
    ResponseCode: '1000',
    ResponseMessage: 'Success',
    Response: pull.nested ? [rows] : rows,
    ...(pull.totalPages ? { TotalPages: Math.ceil(entries.length / pull.pageSize) } : {}),
  }
  if (pull.fault !== 'garbled') return jsonReply(200, answer)
  return jsonReply(200, {
    ...answer,
    Response: [rows.map((each) => ({ ...each, amount: `x${each.amount}` }))],
  })
}

/** A till's customer names no account, so neither does its row. */
function row(pull: PullSwitches, entry: LedgerEntry) {
  const isTill = entry.transactionType === 'CustomerBuyGoodsOnline'
  return {
    transactionId: entry.receipt,
    trxDate: writtenTime(pull.times, entry.endedAtMs ?? 0),
    msisdn: writtenPhone(pull.phone, entry.phone),
    sender: 'Simulated Customer',
    transactiontype: isTill ? 'c2b-buy-goods-debit' : 'c2b-pay-bill-debit',
    billreference: isTill ? '' : entry.reference,
    amount: `${entry.amountKes}.00`,
    organizationname: 'Daraja simulator',
  }
}

function noRecords({ ids, faults }: Simulation): Reply {
  return jsonReply(200, {
    ResponseRefID: ids.request(faults.idForm),
    ResponseCode: '1001',
    ResponseMessage: 'No records found or Organization Name not available',
  })
}

function writtenTime(form: PullSwitches['times'], atMs: number): string {
  if (form === 'utc_z') return `${new Date(atMs).toISOString().slice(0, 19)}Z`
  const stamp = eatStamp(atMs)
  const day = `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`
  const time = `${stamp.slice(8, 10)}:${stamp.slice(10, 12)}:${stamp.slice(12)}`
  return form === 'eat' ? `${day} ${time}` : `${day}T${time}Z`
}

function writtenPhone(form: PullSwitches['phone'], phone: string): string | number {
  if (form === 'full') return Number(phone)
  return form === 'masked' ? `${phone.slice(0, 4)}****${phone.slice(-4)}` : ''
}

/** `2026-03-21 12:00:00` in EAT, or null. */
function eatTime(text: string): number | null {
  if (!TIME_FORM.test(text)) return null
  const utcMs = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(utcMs) ? null : utcMs - EAT_OFFSET_MS
}
