// `sukuma statement import`: settles by the statement that M-Pesa's organisation portal exports.
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createStatements } from '../compose-statements.ts'
import type { Statement, StatementPhone } from '../daraja/statement.ts'
import { readStatementCsv } from '../daraja/statement-csv.ts'
import { untilAvailable } from '../db/until-available.ts'
import { shortcodeTarget } from '../http/v1/audited.ts'
import { prefixedId } from '../ids.ts'
import { maskPhone } from '../log.ts'
import type { Shortcode } from '../merchants/shortcode.ts'
import type { Settled } from '../payments/settle-by-statement.ts'
import type { StatementReading, StatementVerdict } from '../payments/statement-match.ts'
import { OPEN_WHY_TEXTS } from '../payments/statement-texts.ts'
import { createWaiters } from '../payments/waiters.ts'
import { type Arguments, type Command, CommandError, type CommandIo } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { findNamedShortcode } from './find-shortcode.ts'
import { printJson } from './output.ts'
import { record } from './record.ts'
import { openSession, type Session } from './session.ts'

/** A day of the busiest shortcodes; more is a mistake. */
const FILE_BYTES_MAX = 64 * 1024 * 1024

const importStatement: Command = {
  name: 'statement import',
  summary:
    "Settles what is uncertain by the CSV that M-Pesa's organisation portal exports; tells every difference.",
  positionals: ['file'],
  options: {
    shortcode: { value: 'ID|NUMBER', doc: 'Whose statement it is.', required: true },
    merchant: MERCHANT_OPTION,
    'dry-run': { doc: 'Only tell what it would settle.' },
  },
  async run(io, args) {
    const [file = ''] = args.positionals
    const text = await readText(resolve(io.folder, file))
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const named = args.required('shortcode')
    const shortcode = await findNamedShortcode(session, merchantId, named, { disabled: true })
    const statement = readFileFor(shortcode, text, session.clock.now())
    const subject = {
      merchantId,
      shortcodeId: shortcode.id,
      environment: shortcode.environment,
      number: shortcode.number,
    }
    const dryRun = args.flag('dry-run')
    const result = await openStatements(session).importStatement(subject, statement, { dryRun })
    if (result.code === 'too_long')
      throw new CommandError('It covers too much at once: export a shorter time.')
    if (result.settled !== null) {
      const { paid, corrected, receipts, notPaid } = result.settled
      await record(session, io, {
        ...{ merchantId, live: shortcode.live, action: 'statement.imported' },
        target: shortcodeTarget(shortcode),
        detail: { rows: statement.rows.length, paid, corrected, receipts, not_paid: notPaid },
      })
    }
    const missing = result.reading.missing.filter((payment) => payment.shortcodeId === shortcode.id)
    print(io, args, { shortcode, statement, reading: result.reading, settled: result.settled })
    return missing.length === 0 ? 0 : 1
  },
}

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) throw new CommandError(`There is no file ${path}`)
  if (found.size > FILE_BYTES_MAX) throw new CommandError(`${path} is larger than any statement`)
  return readFile(path, 'utf8')
}

function readFileFor(shortcode: Shortcode, text: string, nowMs: number): Statement {
  const file = readStatementCsv(text)
  if (!file.ok)
    throw new CommandError(`The file was not read, and nothing was changed:\n${file.errors.join('\n')}`)
  const numbers = [shortcode.number, shortcode.tillNumber]
  if (file.shortcode !== null && !numbers.includes(file.shortcode)) {
    throw new CommandError(`It is the statement of ${file.shortcode}, not of ${shortcode.number}.`)
  }
  const { rows, fromMs, toMs } = file
  return { rows, fromMs, toMs: Math.min(toMs, nowMs), takenAtMs: nowMs, incomplete: null }
}

/** Beside a running gateway: its sweeps deliver what is told here, and those who wait find it. */
function openStatements(session: Session) {
  const silent = () => {}
  return createStatements({
    ...session,
    process: session.newUuid(),
    shortcodes: { find: async () => null, credentialOf: async () => null },
    daraja: { pull: () => Promise.reject(new Error('an import pulls nothing')) },
    deliver: null,
    waiters: createWaiters({ readPayments: async () => [], onError: silent }),
    observe: { created: silent, pushed: silent, queried: silent, callback: silent, settled: silent },
    untilAvailable,
    onPull: silent,
  })
}

type Printed = {
  shortcode: Shortcode
  statement: Statement
  reading: StatementReading
  settled: Settled | null
}

function print(io: CommandIo, args: Arguments, printed: Printed): void {
  const { shortcode, statement, reading, settled } = printed
  const isOwn = ({ payment }: { payment: StatementVerdict['payment'] }) =>
    payment.shortcodeId === shortcode.id
  const verdicts = reading.verdicts.filter(isOwn).map(showVerdict)
  const foreign = reading.foreign.map(({ receipt, atMs, amountKes, reference, phone }) => ({
    receipt,
    at: new Date(atMs).toISOString(),
    amount: amountKes,
    phone: showPhone(phone),
    reference,
  }))
  const missing = reading.missing.filter((payment) => isOwn({ payment })).map(showPayment)
  if (args.flag('json')) {
    printJson(io, {
      object: 'statement_import',
      rows: statement.rows.length,
      settled,
      verdicts,
      foreign,
      missing,
    })
    return
  }
  const say = (line: string) => io.stdout.write(`${line}\n`)
  const covered = [statement.fromMs, statement.toMs].map((ms) => new Date(ms).toISOString())
  say(`${statement.rows.length} payments from ${covered.join(' to ')}`)
  say(settled === null ? 'Nothing was changed (--dry-run). It would say:' : 'It says:')
  for (const { payment, verdict, detail } of verdicts) say(`  ${payment.id}  ${verdict}  ${detail}`)
  if (verdicts.length === 0) say('  nothing about any open payment')
  if (settled !== null) {
    const { paid, corrected, receipts, notPaid } = settled
    say(`Settled: ${paid} paid, ${notPaid} not paid, ${corrected} corrected, ${receipts} receipts filled in`)
  }
  say(`On the statement and no payment here: ${foreign.length}`)
  for (const row of foreign)
    say(`  ${row.receipt}  ${row.at}  KES ${row.amount}  ${row.phone}  ${row.reference ?? '-'}`)
  if (missing.length === 0) return
  say(`ALARM: called paid here and missing there: ${missing.length}. Nothing was changed for it.`)
  for (const payment of missing) say(`  ${payment.id}  ${payment.receipt ?? '-'}  KES ${payment.amount}`)
}

function showVerdict(verdict: StatementVerdict) {
  const payment = showPayment(verdict.payment)
  if (verdict.kind === 'open') return { payment, verdict: 'open', detail: OPEN_WHY_TEXTS[verdict.why] }
  if (verdict.kind === 'not_paid')
    return { payment, verdict: 'not_paid', detail: 'the statement does not show it' }
  const detail = verdict.receipt ?? 'which of several receipts is its own cannot be told'
  return { payment, verdict: verdict.kind, detail }
}

function showPayment(payment: StatementVerdict['payment']) {
  const { paymentId, amountKes, phone, reference, receipt } = payment
  return { id: prefixedId('pay', paymentId), amount: amountKes, phone: maskPhone(phone), reference, receipt }
}

function showPhone(phone: StatementPhone): string {
  if (phone.kind === 'full') return maskPhone(phone.phone)
  return phone.kind === 'masked' ? `${phone.head}*${phone.tail}` : '-'
}

/** The commands of this group. */
export const statementCommands: readonly Command[] = [importStatement]
