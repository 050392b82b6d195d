// The statement that M-Pesa's organisation portal exports as CSV. Its times are East Africa Time. Some lines
// about the account come before the table; every row must be readable, or the file is refused.
import { type CsvRecord, readCsv } from './csv.ts'
import { parseEatTimestamp } from './eat-time.ts'
import { readAmount, readReceipt, readReference, readStatementPhone, type StatementRow } from './statement.ts'

/** What the file holds, or what is wrong with it, each with its line. */
export type StatementFile =
  | { ok: true; rows: StatementRow[]; fromMs: number; toMs: number; shortcode: string | null }
  | { ok: false; errors: string[] }

/** Told of one file; the rest of them would say the same. */
const ERRORS_MAX = 20
const SEPARATORS = [',', ';', '\t']
const COMPLETED = /^(completed|success(ful)?)$/i

/** The columns, by what is left of their names without blanks and dots. */
const COLUMNS = {
  receipt: ['receiptno', 'receiptnumber', 'receipt'],
  time: ['completiontime'],
  status: ['transactionstatus', 'status'],
  paidIn: ['paidin'],
  details: ['details'],
  party: ['otherpartyinfo'],
  account: ['acno', 'accountno', 'accountnumber'],
} as const
const REQUIRED = {
  receipt: 'Receipt No.',
  time: 'Completion Time',
  status: 'Transaction Status',
  paidIn: 'Paid In',
}

type Column = keyof typeof COLUMNS
type Places = Partial<Record<Column, number>>

/** Reads the text of an exported statement. What was not completed and what went out is left aside. */
export function readStatementCsv(text: string): StatementFile {
  const found = findTable(text.replace(/^\uFEFF/, ''))
  if (typeof found === 'string') return { ok: false, errors: [found] }
  const { before, places, records } = found
  const errors: string[] = []
  const rows: StatementRow[] = []
  const times: number[] = []
  const lines = new Map<string, { line: number; amountKes: number }>()
  for (const record of records) {
    const read = readRecord(record, places)
    if (typeof read === 'string') {
      errors.push(`line ${record.line}: ${read}`)
      continue
    }
    times.push(read.atMs)
    if (read.row === null) continue
    const former = lines.get(read.row.receipt)
    if (former !== undefined && former.amountKes !== read.row.amountKes) {
      errors.push(
        `line ${record.line}: receipt ${read.row.receipt} is on line ${former.line} with another amount`,
      )
    }
    if (former === undefined) rows.push(read.row)
    lines.set(read.row.receipt, { line: record.line, amountKes: read.row.amountKes })
  }
  if (errors.length === 0 && times.length === 0) errors.push('the table has no rows')
  if (errors.length > 0) return { ok: false, errors: cut(errors) }
  const { fromMs, toMs } = periodOf(before) ?? { fromMs: least(times), toMs: greatest(times) }
  return { ok: true, rows, fromMs, toMs, shortcode: shortcodeOf(before) }
}

function cut(errors: string[]): string[] {
  const more = errors.length - ERRORS_MAX
  return more > 0 ? [...errors.slice(0, ERRORS_MAX), `and ${more} more`] : errors
}

function findTable(text: string): { before: CsvRecord[]; places: Places; records: CsvRecord[] } | string {
  for (const separator of SEPARATORS) {
    const records = readCsv(text, separator)
    if (records === null) continue
    for (const [index, { line, cells }] of records.entries()) {
      const places = placesOf(cells)
      if (places.receipt === undefined || places.time === undefined) continue
      const lacking = Object.entries(REQUIRED).filter(([column]) => !Object.hasOwn(places, column))
      if (lacking.length > 0)
        return `line ${line}: there is no column ${lacking.map(([, name]) => name).join(', ')}`
      return { before: records.slice(0, index), places, records: records.slice(index + 1) }
    }
  }
  return 'there is no line that names the columns Receipt No. and Completion Time, or a quote is never closed'
}

function placesOf(cells: readonly string[]): Places {
  const places: Places = {}
  const names = cells.map((cell) => cell.toLowerCase().replace(/[^a-z]/g, ''))
  for (const column of Object.keys(COLUMNS) as Column[]) {
    const place = names.findIndex((name) => isNameOf(column, name))
    if (place >= 0) places[column] = place
  }
  return places
}

function isNameOf(column: Column, name: string): boolean {
  const known: readonly string[] = COLUMNS[column]
  return known.includes(name)
}

/** A row; null in place of one that paid nothing in. A text says what is wrong. */
function readRecord(record: CsvRecord, places: Places): { atMs: number; row: StatementRow | null } | string {
  const cell = (column: Column) => record.cells[places[column] ?? -1] ?? ''
  const receipt = readReceipt(cell('receipt'))
  if (receipt === null) return `"${cell('receipt')}" is no receipt number`
  const atMs = readTime(cell('time'))
  if (atMs === null) {
    return `the completion time "${cell('time')}" is not like 2026-10-02 12:30:00 or 02-10-2026 12:30:00`
  }
  const paidIn = cell('paidIn')
  const amountKes = paidIn === '' ? 0 : readAmount(paidIn)
  if (amountKes === null) return `"${paidIn}" under Paid In is no amount`
  if (amountKes === 0 || !COMPLETED.test(cell('status'))) return { atMs, row: null }
  const [party = ''] = cell('party').split(' - ')
  const [, from = ''] = /\bfrom\s+(\+?[\d*]{9,14})/i.exec(cell('details')) ?? []
  const phone = readStatementPhone(party === '' ? from : party)
  const at = { asUtcMs: atMs, asEatMs: atMs }
  return { atMs, row: { receipt, at, phone, amountKes, reference: readReference(cell('account')) } }
}

const YEAR_FIRST = /^(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/
const DAY_FIRST = /^(\d\d)[-/.](\d\d)[-/.](\d{4})[ T](\d\d):(\d\d)(?::(\d\d))?$/

function readTime(text: string): number | null {
  const yearFirst = YEAR_FIRST.exec(text)
  const dayFirst = DAY_FIRST.exec(text)
  const [year, month, day] = yearFirst?.slice(1, 4) ?? dayFirst?.slice(1, 4).reverse() ?? []
  const [hour, minute, second] = (yearFirst ?? dayFirst)?.slice(4) ?? []
  if (year === undefined) return null
  return parseEatTimestamp(`${year}${month}${day}${hour}${minute}${second ?? '00'}`)?.getTime() ?? null
}

const SHORTCODE_LABEL = /^(organi[sz]ation )?short ?code:?$/i
const PERIOD = /from\s+([\d/.-]+[ T][\d:]+)\s+to\s+([\d/.-]+[ T][\d:]+)/i

/** The lines before the table may say whose statement it is … */
function shortcodeOf(before: readonly CsvRecord[]): string | null {
  for (const { cells } of before) {
    const place = cells.findIndex((cell) => SHORTCODE_LABEL.test(cell))
    const number = /^\d{5,8}/.exec(cells[place + 1] ?? '')
    if (place >= 0 && number !== null) return number[0]
  }
  return null
}

/** … and of what time. Without it, only the time between its first and last row is covered for certain. */
function periodOf(before: readonly CsvRecord[]): { fromMs: number; toMs: number } | null {
  for (const { cells } of before) {
    const [, from = '', to = ''] = PERIOD.exec(cells.join(' ')) ?? []
    const [fromMs, toMs] = [readTime(from), readTime(to)]
    if (fromMs !== null && toMs !== null && fromMs < toMs) return { fromMs, toMs }
  }
  return null
}

function least(times: readonly number[]): number {
  return times.reduce((one, other) => Math.min(one, other))
}

function greatest(times: readonly number[]): number {
  return times.reduce((one, other) => Math.max(one, other))
}
