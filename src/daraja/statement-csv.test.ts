import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCsv } from './csv.ts'
import { readStatementCsv } from './statement-csv.ts'

const COLUMNS =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,' +
  'Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'
const ROWS = [
  'TB30000000,2026-10-03 17:00:00,2026-10-03 17:00:00,To Bank,Completed,,-400.00,1100.00,true,X,KCB,,',
  'TB20000000,2026-10-02 12:30:00,2026-10-02 12:30:00,Pay Bill Online,Completed,"3,000.00",,5100.00,true,' +
    'Pay Bill Online,2547****0111 - MARY ATIENO,,HSE12',
  'TB10000000,2026-10-01 09:00:00,2026-10-01 09:00:00,Pay Bill,Failed,2100.00,,,true,X,0712345678 - J,,A',
]

function read(lines: string[]) {
  return readStatementCsv(lines.join('\r\n'))
}

function errorsOf(lines: string[]): string {
  const file = read(lines)
  assert.ok(!file.ok)
  return file.errors.join('; ')
}

test('the export of the portal is read, with what it says of itself before the table', () => {
  const head = ['Short Code:,174379', 'Time Period:,From 01-10-2026 00:00:00 To 04-10-2026 00:00:00', '']
  const file = read([...head, COLUMNS, ...ROWS])
  assert.deepEqual(file, {
    ok: true,
    rows: [
      {
        receipt: 'TB20000000',
        at: { asUtcMs: Date.parse('2026-10-02T09:30:00Z'), asEatMs: Date.parse('2026-10-02T09:30:00Z') },
        phone: { kind: 'masked', head: '2547', tail: '0111' },
        amountKes: 3_000,
        reference: 'HSE12',
      },
    ],
    fromMs: Date.parse('2026-09-30T21:00:00Z'),
    toMs: Date.parse('2026-10-03T21:00:00Z'),
    shortcode: '174379',
  })
})

test('without a period, what lies between the first and the last row is covered', () => {
  const file = read([COLUMNS, ...ROWS])
  assert.ok(file.ok)
  assert.deepEqual(
    [file.fromMs, file.toMs, file.shortcode],
    [Date.parse('2026-10-01T06:00:00Z'), Date.parse('2026-10-03T14:00:00Z'), null],
  )
})

test('other separators, a byte order mark and days before months are read too', () => {
  const file = read([
    '\uFEFFReceipt No.;Completion Time;Details;Transaction Status;Paid In',
    'TB20000000;02/10/2026 12:30;Pay Bill Online from 254712345678 - MARY Acc. X;Completed;100.00',
  ])
  assert.ok(file.ok)
  assert.deepEqual(file.rows[0]?.phone, { kind: 'full', phone: '254712345678' })
  assert.equal(file.rows[0]?.at.asUtcMs, Date.parse('2026-10-02T09:30:00Z'))
})

test('a file that cannot be read whole is refused, with the lines that are wrong', () => {
  const bad = (row: string) => errorsOf([COLUMNS, ROWS[1] ?? '', row])
  assert.match(bad('?,2026-10-02 12:30:00,,,Completed,1.00'), /^line 3: "\?" is no receipt/)
  assert.match(bad('TB40000000,10/25/2026 12:30:00,,,Completed,1.00'), /^line 3: the completion time "10\/25/)
  assert.match(bad('TB40000000,2026-10-02 12:30:00,,,Completed,-5.00'), /^line 3: "-5.00" under Paid In/)
  assert.match(bad('TB20000000,2026-10-02 12:30:00,,,Completed,1.00'), /line 2 with another amount/)
  assert.match(errorsOf(['a,b', '1,2']), /no line that names the columns/)
  assert.match(errorsOf(['Receipt No.,Completion Time', 'x,y']), /line 1: .*Transaction Status, Paid In/)
  assert.match(errorsOf([COLUMNS]), /no rows/)
  assert.match(errorsOf([COLUMNS, ...ROWS, '"open']), /quote/)
  assert.match(errorsOf([COLUMNS, ...Array.from({ length: 30 }, () => '?,,,,,')]), /and 10 more/)
})

test('whatever the cells hold, what was written is read back', () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\r', '').trim())
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  const property = fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
    const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join(end)
    const wanted = rows.filter((row) => row.some((each) => each !== ''))
    assert.deepEqual(
      readCsv(text, ',')?.map(({ cells }) => cells),
      wanted,
    )
  })
  fc.assert(property, { numRuns: 500 })
  const garbage = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
    assert.equal(readStatementCsv(text).ok, false)
  })
  fc.assert(garbage, { numRuns: 500 })
})
