// What one page of Pull Transactions says. Daraja answers HTTP 200 also when it failed, and "no records" with
// the very code of a failure, so only a page with rows in it is ever taken for one.
import { describeAnswer, readDarajaError } from './daraja-error.ts'
import type { AnsweredExchange, HttpExchange } from './http-exchange.ts'
import { asObject, codeOf } from './json-fields.ts'
import {
  readAmount,
  readReceipt,
  readReference,
  readStatementPhone,
  readStatementTime,
  type StatementRow,
} from './statement.ts'

/** Why a pull brought nothing. */
export type PullFailure =
  /** No answer, or one that is no page. */
  | 'no_answer'
  | 'rate_limited'
  /** No usable access token. */
  | 'token'
  /** A ResponseCode other than success: not ordered, not registered, or a failure inside. */
  | 'refused'
  /** A success whose rows contradict themselves or are none. */
  | 'garbled'

/** One page, or why there is none. */
export type PullPage =
  | {
      kind: 'page'
      rows: StatementRow[]
      /** Rows that could not be read. */
      unreadable: number
      /** How many pages there are, where Daraja says so. */
      totalPages: number | null
    }
  /** "No records found or Organization Name not available": nothing there, or nothing to be had. */
  | { kind: 'none' }
  | { kind: 'failed'; reason: PullFailure; detail: string; retryAfterMs: number | null }

const SUCCESS_CODE = '1000'
const NO_RECORDS_CODE = '1001'
/** A page has some hundred rows; the rest of a longer list would be a mistake, and is one. */
const ROWS_MAX = 20_000
const TOTAL_PAGES_MAX = 1_000_000

/** Classifies one exchange (Daraja, Pull Transactions). */
export function classifyPull(exchange: HttpExchange): PullPage {
  if (exchange.kind !== 'answered') {
    return pullFailed('no_answer', exchange.kind === 'withheld' ? 'withheld' : exchange.detail)
  }
  if (exchange.status < 200 || exchange.status >= 300) return readError(exchange)
  const body = asObject(exchange.json)
  const code = codeOf(body?.ResponseCode)
  if (body === null || code === null) return pullFailed('no_answer', describeAnswer(exchange))
  if (code === NO_RECORDS_CODE) return { kind: 'none' }
  if (code !== SUCCESS_CODE) return pullFailed('refused', describeAnswer(exchange))
  return readRows(body.Response ?? body.Transactions, body.TotalPages)
}

/** A pull that brought nothing. */
export function pullFailed(
  reason: PullFailure,
  detail: string,
  retryAfterMs: number | null = null,
): PullPage & { kind: 'failed' } {
  return { kind: 'failed', reason, detail, retryAfterMs }
}

/** The rows lie in a list, or in a list of lists: Safaricom's own sample has both brackets. */
function readRows(value: unknown, totalPages: unknown): PullPage {
  if (!Array.isArray(value)) return pullFailed('garbled', 'a success without a list of transactions')
  const entries: unknown[] = value.flat()
  if (entries.length > ROWS_MAX) return pullFailed('garbled', `a page of more than ${ROWS_MAX} rows`)
  const rows: StatementRow[] = []
  for (const entry of entries) {
    const row = readRow(entry)
    if (row !== null) rows.push(row)
  }
  const pages = Number(codeOf(totalPages) ?? Number.NaN)
  const isCount = Number.isInteger(pages) && pages >= 0 && pages <= TOTAL_PAGES_MAX
  return { kind: 'page', rows, unreadable: entries.length - rows.length, totalPages: isCount ? pages : null }
}

function readRow(entry: unknown): StatementRow | null {
  const row = asObject(entry)
  const receipt = readReceipt(row?.transactionId)
  const at = readStatementTime(row?.trxDate)
  const amountKes = readAmount(row?.amount)
  if (row === null || receipt === null || at === null || amountKes === null) return null
  const reference = readReference(row.billreference)
  return { receipt, at, phone: readStatementPhone(row.msisdn), amountKes, reference }
}

function readError(answer: AnsweredExchange): PullPage {
  const { rateLimited, tokenRefused } = readDarajaError(answer)
  const detail = describeAnswer(answer)
  if (rateLimited || answer.status === 429) return pullFailed('rate_limited', detail, answer.retryAfterMs)
  return pullFailed(tokenRefused ? 'token' : 'refused', detail, answer.retryAfterMs)
}
