// What a statement may settle, tried on worlds whose truth is known: it may be silent, and never wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Statement, StatementRow } from '../daraja/statement.ts'
import { parseUuid, type Uuid } from '../ids.ts'
import { type Phone, parsePhone } from '../phone.ts'
import { readStatement, type StatementVerdict } from './statement-match.ts'
import type { StatementPayment } from './statement-payment.ts'

const MINUTE = 60_000
const NOW = Date.parse('2026-03-21T12:00:00Z')

function uuid(number: number): Uuid {
  const id = parseUuid(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
  assert.ok(id)
  return id
}

function phone(index: number): Phone {
  const read = parsePhone(`2547123400${String(index).padStart(2, '0')}`)
  assert.ok(read)
  return read
}

/** A payment sent `ago` minutes before now. */
function payment(id: number, ago: number, changes: Partial<StatementPayment> = {}): StatementPayment {
  return {
    merchantId: uuid(1),
    paymentId: uuid(id),
    shortcodeId: uuid(2),
    kind: 'paybill',
    state: 'uncertain',
    amountKes: 100,
    phone: phone(id),
    reference: `INV-${id}`,
    sentAtMs: NOW - ago * MINUTE,
    receipt: null,
    paidAtMs: null,
    source: null,
    ...changes,
  }
}

function row(receipt: string, ago: number, changes: Partial<StatementRow> = {}): StatementRow {
  const atMs = NOW - ago * MINUTE
  return {
    receipt,
    at: { asUtcMs: atMs, asEatMs: atMs },
    phone: { kind: 'full', phone: phone(1) },
    amountKes: 100,
    reference: 'INV-1',
    ...changes,
  }
}

function statementOf(rows: StatementRow[], changes: Partial<Statement> = {}): Statement {
  return { rows, fromMs: NOW - 240 * MINUTE, toMs: NOW, takenAtMs: NOW, incomplete: null, ...changes }
}

type Options = { taken?: string[]; needsKnown?: boolean }

function read(statement: Statement, payments: StatementPayment[], options: Options = {}) {
  return readStatement(statement, {
    payments,
    takenReceipts: new Set(options.taken ?? []),
    needsKnown: options.needsKnown ?? false,
  })
}

/** What became of the payment `id`, in a word. */
function said(verdicts: readonly StatementVerdict[], id: number): string {
  const found = verdicts.filter((verdict) => verdict.payment.paymentId === uuid(id))
  assert.ok(found.length <= 1, 'one verdict a payment')
  const [verdict] = found
  if (verdict === undefined) return 'nothing'
  if (verdict.kind === 'open') return verdict.why
  return 'receipt' in verdict ? `${verdict.kind} ${verdict.receipt}` : verdict.kind
}

/** Somebody else's transaction, later than every payment here. */
const WITNESS = row('WITNESS', 5, { phone: { kind: 'full', phone: phone(99) }, reference: 'X', amountKes: 7 })

test('a transaction of the same customer, amount, account and time proves a payment, receipt and all', () => {
  const { verdicts } = read(statementOf([row('PAID01', 59)]), [payment(1, 60)])
  assert.deepEqual(
    verdicts.map(({ payment: _, ...rest }) => rest),
    [{ kind: 'paid', receipt: 'PAID01', paidAtMs: NOW - 59 * MINUTE }],
  )
})

test('a transaction that differs in anything proves nothing', () => {
  const others: [string, StatementRow][] = [
    ['amount', row('PAID01', 59, { amountKes: 101 })],
    ['cents', row('PAID01', 59, { amountKes: 100.5 })],
    ['phone', row('PAID01', 59, { phone: { kind: 'full', phone: phone(2) } })],
    ['account', row('PAID01', 59, { reference: 'OTHER' })],
    ['no account', row('PAID01', 59, { reference: null })],
    ['before it', row('PAID01', 63)],
    ['long after it', row('PAID01', 49)],
    ['no phone', row('PAID01', 59, { phone: { kind: 'hidden' } })],
  ]
  for (const [what, other] of others) {
    const { verdicts } = read(statementOf([other]), [payment(1, 60)])
    assert.doesNotMatch(said(verdicts, 1), /^paid/, what)
  }
  const taken = read(statementOf([row('PAID01', 59)]), [payment(1, 60)], { taken: ['PAID01'] })
  assert.doesNotMatch(said(taken.verdicts, 1), /^paid/, 'a receipt of another payment')
})

test('two payments and one transaction that may be either settle nothing', () => {
  const twin = { phone: phone(1), reference: 'INV-1' }
  const rivals: StatementPayment[] = [
    payment(2, 58, twin),
    payment(2, 58, { ...twin, merchantId: uuid(7), shortcodeId: uuid(8) }),
    payment(2, 58, { ...twin, state: 'sending' }),
    payment(2, 58, { ...twin, state: 'queued' }),
    payment(2, 58, { ...twin, state: 'succeeded', source: 'query' }),
    payment(2, 58, { ...twin, state: 'failed', source: 'statement' }),
    payment(2, 58, { ...twin, reference: 'INV-10' }),
  ]
  for (const rival of rivals) {
    const { verdicts } = read(statementOf([row('PAID01', 57), WITNESS]), [payment(1, 60), rival])
    assert.equal(said(verdicts, 1), 'ambiguous', rival.state)
  }
})

test('as many transactions as payments, all alike, were all paid; whose receipt is whose is not said', () => {
  const twin = payment(2, 58, { phone: phone(1), reference: 'INV-1' })
  const { verdicts } = read(statementOf([row('PAID01', 57), row('PAID02', 56)]), [payment(1, 60), twin])
  assert.deepEqual([said(verdicts, 1), said(verdicts, 2)], ['paid null', 'paid null'])
})

test('a payment whose push is still under way is left to it', () => {
  for (const state of ['sending', 'queued'] as const) {
    const { verdicts } = read(statementOf([row('PAID01', 59)]), [payment(1, 60, { state })])
    assert.equal(said(verdicts, 1), 'nothing', state)
  }
})

test('one payment and two transactions like it settle nothing', () => {
  const { verdicts } = read(statementOf([row('PAID01', 59), row('PAID02', 58), WITNESS]), [payment(1, 60)])
  assert.equal(said(verdicts, 1), 'ambiguous')
})

test('a masked number is enough for a paybill whose account is one customer’s alone', () => {
  const masked = (head: string, tail: string) => row('PAID01', 59, { phone: { kind: 'masked', head, tail } })
  const shown = statementOf([masked('2547', '0001')])
  const { verdicts } = read(shown, [payment(1, 60)])
  assert.equal(said(verdicts, 1), 'paid PAID01')
  const shared = payment(2, 200, { reference: 'INV-1', state: 'succeeded', receipt: 'OLD001' })
  assert.equal(said(read(shown, [payment(1, 60), shared]).verdicts, 1), 'ambiguous')
  assert.equal(said(read(shown, [payment(1, 60, { kind: 'till' })]).verdicts, 1), 'ambiguous')
  assert.equal(said(read(statementOf([masked('254', '01')]), [payment(1, 60)]).verdicts, 1), 'ambiguous')
})

test('absence fails a payment only when the whole of a statement shows that it should be there', () => {
  const known = payment(3, 90, {
    state: 'succeeded',
    receipt: 'KNOWN1',
    paidAtMs: NOW - 89 * MINUTE,
    source: 'callback',
  })
  const knownRow = row('KNOWN1', 89, { phone: { kind: 'full', phone: phone(3) }, reference: 'INV-3' })
  const full = [knownRow, WITNESS]
  assert.equal(said(read(statementOf(full), [payment(1, 60), known]).verdicts, 1), 'not_paid')
  const cases: [string, Statement, StatementPayment[]][] = [
    ['no_witness', statementOf([knownRow]), [payment(1, 60), known]],
    ['known_missing', statementOf([WITNESS]), [payment(1, 60), known]],
    ['known_missing', statementOf([WITNESS]), [payment(1, 60), { ...known, receipt: null, source: 'query' }]],
    ['incomplete', statementOf(full, { incomplete: 'a page failed' }), [payment(1, 60), known]],
    ['not_covered', statementOf([WITNESS], { fromMs: NOW - 61 * MINUTE }), [payment(1, 60)]],
    ['too_recent', statementOf(full), [payment(1, 24), known]],
    ['too_recent', statementOf(full), [payment(1, 60, { state: 'pending' }), known]],
    ['like_it', statementOf([...full, row('HAND01', 30)]), [payment(1, 60), known]],
    ['like_it', statementOf([...full, row('HAND01', 30, { reference: 'Z' })]), [payment(1, 60), known]],
    [
      'like_it',
      statementOf([...full, row('HAND01', 80, { phone: { kind: 'hidden' } })]),
      [payment(1, 60), known],
    ],
    [
      'ambiguous',
      statementOf([...full, row('HAND01', 59, { phone: { kind: 'hidden' } })]),
      [payment(1, 60), known],
    ],
  ]
  for (const [why, statement, payments] of cases) {
    assert.equal(said(read(statement, payments).verdicts, 1), why, why)
  }
  const many = Array.from({ length: 60 }, (_, index) =>
    row(`MANY${index + 10}`, 6, { phone: { kind: 'full', phone: phone(98) } }),
  )
  assert.equal(said(read(statementOf(many), [payment(1, 60)]).verdicts, 1), 'no_witness', 'nothing earlier')
  assert.equal(
    said(read(statementOf([WITNESS]), [payment(1, 60)], { needsKnown: true }).verdicts, 1),
    'incomplete',
  )
})

test('what a statement failed, a later statement corrects with the receipt', () => {
  const failed = payment(1, 60, { state: 'failed', source: 'statement' })
  assert.equal(said(read(statementOf([row('PAID01', 59)]), [failed]).verdicts, 1), 'paid PAID01')
  const declined = payment(1, 60, { state: 'failed', source: 'callback' })
  assert.equal(said(read(statementOf([row('PAID01', 59)]), [declined]).verdicts, 1), 'nothing')
})

test('a payment known by query gets its receipt, and one without a trace is an alarm', () => {
  const paid = payment(1, 60, { state: 'succeeded', source: 'query' })
  assert.equal(said(read(statementOf([row('PAID01', 59)]), [paid]).verdicts, 1), 'receipt PAID01')
  const { missing } = read(statementOf([WITNESS]), [paid])
  assert.deepEqual(
    missing.map(({ paymentId }) => paymentId),
    [uuid(1)],
  )
  assert.deepEqual(read(statementOf([], { incomplete: 'no records' }), [paid]).missing, [])
})

test('times with a Z settle nothing until it is known in which zone they are', () => {
  const zoned = (receipt: string, ago: number, changes: Partial<StatementRow> = {}) => {
    const atMs = NOW - ago * MINUTE
    return row(receipt, ago, { at: { asUtcMs: atMs, asEatMs: atMs - 180 * MINUTE }, ...changes })
  }
  const all = [zoned('PAID01', 59)]
  const far = { fromMs: NOW - 600 * MINUTE }
  assert.equal(said(read(statementOf(all, far), [payment(1, 60)]).verdicts, 1), 'unknown_times')
  const near = { fromMs: NOW - 90 * MINUTE }
  assert.equal(
    said(read(statementOf(all, near), [payment(1, 60)]).verdicts, 1),
    'paid PAID01',
    'only UTC fits',
  )
  const anchor = (paidAgo: number) =>
    payment(3, 90, {
      state: 'succeeded',
      receipt: 'KNOWN1',
      paidAtMs: NOW - paidAgo * MINUTE,
      source: 'callback',
    })
  const rows = [...all, zoned('KNOWN1', 89, { phone: { kind: 'full', phone: phone(3) } })]
  assert.equal(said(read(statementOf(rows, far), [payment(1, 60), anchor(89)]).verdicts, 1), 'paid PAID01')
  assert.doesNotMatch(said(read(statementOf(rows, far), [payment(1, 60), anchor(269)]).verdicts, 1), /^paid/)
  assert.equal(said(read(statementOf(rows, far), [payment(1, 60), anchor(150)]).verdicts, 1), 'unknown_times')
})

test('a statement whose times are not those that callbacks have told settles nothing', () => {
  const known = payment(3, 90, {
    state: 'succeeded',
    receipt: 'KNOWN1',
    paidAtMs: NOW - 89 * MINUTE,
    source: 'callback',
  })
  const rows = [row('PAID01', 59), row('KNOWN1', 80, { phone: { kind: 'full', phone: phone(3) } })]
  assert.equal(said(read(statementOf(rows), [payment(1, 60), known]).verdicts, 1), 'unknown_times')
})

test('rows of another time than asked for settle nothing', () => {
  const strange = statementOf([row('PAID01', 59), row('OLD001', 9_000)])
  assert.equal(said(read(strange, [payment(1, 60)]).verdicts, 1), 'unknown_times')
})

/** A customer's try: when, by whom, for how much and what; whether it was paid, and whether that is known. */
const tries = fc.array(
  fc.record({
    ago: fc.integer({ min: 30, max: 230 }),
    phone: fc.integer({ min: 1, max: 3 }),
    amountKes: fc.constantFrom(100, 200),
    reference: fc.constantFrom('INV-1', 'INV-2', 'INV-10'),
    paidAfter: fc.option(fc.integer({ min: 0, max: 9 })),
    knowledge: fc.constantFrom('none', 'none', 'callback', 'query'),
    sending: fc.boolean(),
    merchant: fc.constantFrom(1, 1, 1, 5),
  }),
  { minLength: 1, maxLength: 8 },
)
type Try = typeof tries extends fc.Arbitrary<(infer T)[]> ? T : never

function worldOf(all: readonly Try[], kind: 'paybill' | 'till', shown: 'full' | 'masked' | 'hidden') {
  const payments: StatementPayment[] = []
  const rows: StatementRow[] = []
  for (const [index, each] of all.entries()) {
    const id = index + 10
    const isPaid = each.paidAfter !== null
    const paidAgo = each.ago - (each.paidAfter ?? 0)
    const receipt = `REC${id}00`
    const isKnown = isPaid && each.knowledge !== 'none'
    const who = phone(each.phone)
    payments.push(
      payment(id, each.ago, {
        merchantId: uuid(each.merchant),
        kind,
        phone: who,
        amountKes: each.amountKes,
        reference: each.reference,
        state: isKnown ? 'succeeded' : each.sending ? 'sending' : 'uncertain',
        source: isKnown ? (each.knowledge === 'query' ? 'query' : 'callback') : null,
        receipt: isKnown && each.knowledge === 'callback' ? receipt : null,
        paidAtMs: isKnown && each.knowledge === 'callback' ? NOW - paidAgo * MINUTE : null,
      }),
    )
    if (!isPaid) continue
    const visible = {
      full: { kind: 'full', phone: who } as const,
      masked: { kind: 'masked', head: who.slice(0, 4), tail: who.slice(-4) } as const,
      hidden: { kind: 'hidden' } as const,
    }
    rows.push(
      row(receipt, paidAgo, {
        phone: visible[shown],
        amountKes: each.amountKes,
        reference: kind === 'till' ? null : each.reference,
      }),
    )
  }
  return { payments, rows }
}

function checkTruth(all: readonly Try[], verdicts: readonly StatementVerdict[]): number {
  let settled = 0
  for (const verdict of verdicts) {
    if (verdict.kind === 'open') continue
    settled += 1
    const id = Number(verdict.payment.paymentId.slice(-12))
    const truth = all[id - 10]
    assert.ok(truth)
    assert.equal(verdict.kind !== 'not_paid', truth.paidAfter !== null, `${verdict.kind} of payment ${id}`)
    if (verdict.kind !== 'not_paid' && verdict.receipt !== null) assert.equal(verdict.receipt, `REC${id}00`)
  }
  return settled
}

const kinds = fc.constantFrom<'paybill' | 'till'>('paybill', 'till')
const showings = fc.constantFrom<'full' | 'masked' | 'hidden'>('full', 'masked', 'hidden')

test('of any payments and what M-Pesa truly got, a whole statement says nothing untrue', () => {
  let settled = 0
  const property = fc.property(tries, kinds, showings, fc.boolean(), (all, kind, shown, witness) => {
    const { payments, rows } = worldOf(all, kind, shown)
    const { verdicts, missing } = read(statementOf(witness ? [...rows, WITNESS] : rows), payments)
    settled += checkTruth(all, verdicts)
    assert.deepEqual(missing, [])
  })
  fc.assert(property, { numRuns: 5_000 })
  assert.ok(settled > 1_000, `it settled ${settled}`)
})

test('a statement that ends too early, whatever it claims, calls nothing unpaid that was paid later', () => {
  const cuts = fc.integer({ min: 0, max: 240 })
  const property = fc.property(tries, kinds, showings, cuts, (all, kind, shown, cutAgo) => {
    const { payments, rows } = worldOf(all, kind, shown)
    const kept = [...rows, WITNESS].filter(({ at }) => at.asUtcMs <= NOW - cutAgo * MINUTE)
    const { verdicts } = read(statementOf(kept), payments)
    for (const verdict of verdicts) {
      if (verdict.kind === 'not_paid') checkTruth(all, [verdict])
    }
  })
  fc.assert(property, { numRuns: 3_000 })
})
