// Bad fields in the requests that make and read payments: each is named, and nothing is made.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { objectIn, startTestGateway, type TestGateway } from '../support/gateway.ts'
import { createRefusalBench, type RefusalBench } from '../support/refusals.ts'

let bed: TestGateway
let bench: RefusalBench
before(async () => {
  bed = await startTestGateway()
  bench = await createRefusalBench(bed)
})
after(() => bed[Symbol.asyncDispose]())

const JSON_HEADERS = { 'content-type': 'application/json' }
const LONG = `"${'9'.repeat(60_000)}"`

/** Values as JSON texts, for what no serialiser writes; null leaves the field out. */
type Texts = (string | null)[]

const NEITHER_TEXT_NOR_NUMBER: Texts = [null, 'null', '""', 'true', 'false', '[]', '{}', '{"value":1}']
const AMOUNTS: Texts = [
  ...[
    ...NEITHER_TEXT_NOR_NUMBER,
    '[100]',
    '"abc"',
    '"1.5"',
    '"1e2"',
    '"0x64"',
    '" 100"',
    '"-5"',
    '"0"',
    '"250001"',
  ],
  ...[
    '1.5',
    '0.1',
    '0',
    '-0',
    '-1',
    '250001',
    '249999.999',
    '1e400',
    '-1e400',
    '1e21',
    '1e-400',
    '"\\u0661"',
  ],
  ...['"\\u0000"', '"100\\u0000"', '"\\ud800"', '"Infinity"', '"NaN"', LONG],
]
const PHONES: Texts = [
  ...[...NEITHER_TEXT_NOR_NUMBER, '254712345678', '["0712345678"]', '"0612345678"', '"071234567"'],
  ...['"07123456789"', '"+255712345678"', '"abc"', '"0712345678\\u0000"', '"\\ud8000712345678"', LONG],
  ...['"07\\uff1112345678"', '"0712345678; drop table payments"', '"++254712345678"', '"254254712345678"'],
]
const TEXTS: Texts = [
  '12',
  '1e400',
  'true',
  '[]',
  '{}',
  '["A"]',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  LONG,
]
const CONTROLS: Texts = ['"a\\u001b[2Jb"', '"a\\nb"', '"a\\u0085b"']
const REFERENCES: Texts = [null, 'null', '""', '"   "', '"1234567890123"', ...TEXTS, ...CONTROLS]

type Surface = {
  path: string
  status: number
  base: Record<string, string>
  bad: Record<string, Texts>
}

const SURFACES: readonly Surface[] = [
  {
    path: '/api/mpesa/stkPush',
    status: 400,
    base: { amount: '100', phoneNumber: '"0712345678"', accountId: '"INV-1"' },
    bad: { amount: [...AMOUNTS, '"100"'], phoneNumber: PHONES, accountId: REFERENCES },
  },
  {
    path: '/api/mpesa/check-status',
    status: 400,
    base: { checkoutRequestId: '"ws_CO_1"' },
    bad: { checkoutRequestId: [null, 'null', '""', '"  "', `"${'a'.repeat(101)}"`, ...TEXTS, ...CONTROLS] },
  },
  ...['', '?mode=sync', '?mode=async'].map((query) => ({
    path: `/api/stk-push${query}`,
    status: 422,
    base: { amount: '100', phone: '"0712345678"', reference: '"INV-1"' },
    bad: {
      amount: AMOUNTS,
      phone: PHONES,
      reference: REFERENCES,
      tag: [...TEXTS, ...CONTROLS, `"${'t'.repeat(101)}"`],
    },
  })),
  {
    path: '/v1/payments',
    status: 400,
    base: { amount: '100', phone: '"0712345678"', reference: '"INV-1"' },
    bad: {
      amount: [...AMOUNTS, '"100"'],
      phone: PHONES,
      reference: REFERENCES,
      description: [...TEXTS, ...CONTROLS, `"${'d'.repeat(14)}"`],
      tag: [...TEXTS, ...CONTROLS, `"${'t'.repeat(101)}"`],
      metadata: [
        ...['1', '"a"', '[]', '[["a","b"]]', 'true', '{"a":1}', '{"a":null}', '{"a":{}}', '{"":"a"}'],
        ...['{"a":"\\u0000"}', '{"\\u0000":"a"}', '{"a":"\\ud800"}', '{"\\ud800":"a"}', '{" a":"b"}'],
        `{"a":"${'v'.repeat(501)}"}`,
        `{"${'k'.repeat(41)}":"a"}`,
        JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'v']))),
      ],
      shortcode: ['1', '""', '"x"', '"sc_"', '"sc_zz"', '[]', '"\\u0000"', '"12345678901234567890"', LONG],
      expires_in: ['4', '3601', '0', '-1', '5.5', '1e400', '"60"', 'true', '[]', '{}'],
      wait: ['-1', '60.001', '1e400', '"1"', 'true', '[]', '{}'],
    },
  },
]

function bodyOf(base: Record<string, string>, field: string, text: string | null): string {
  const fields = Object.entries({ ...base, [field]: text }).filter(([, value]) => value !== null)
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`
}

for (const { path, status, base, bad } of SURFACES) {
  test(`every bad field of ${path} is named, and nothing is made`, async () => {
    const madeBefore = await bench.paymentCount()
    for (const [field, texts] of Object.entries(bad)) {
      for (const text of texts) {
        const init = { body: bodyOf(base, field, text), headers: JSON_HEADERS }
        const what = `${field} = ${text?.slice(0, 40)}`
        const answer = await bench.refused('POST', path, init, [status], what)
        assert.deepEqual(Object.keys(objectIn(answer.body, 'errors')), [field], what)
      }
    }
    assert.equal(await bench.paymentCount(), madeBefore)
  })

  test(`every fault of ${path} is named at once`, async () => {
    const body = `{${Object.keys(base).map((name) => `"${name}":[]`)}}`
    const answer = await bench.refused('POST', path, { body, headers: JSON_HEADERS }, [status])
    assert.deepEqual(Object.keys(objectIn(answer.body, 'errors')).toSorted(), Object.keys(base).toSorted())
  })
}

test('the given surfaces overlook fields that they do not know; the native one names them', async () => {
  const common = { amount: 1, extra: 'x', nested: { deep: [null] }, constructorName: 'x' }
  const mpesa = { ...common, phoneNumber: '254700000000', accountId: 'A' }
  assert.equal((await bed.post('/api/mpesa/stkPush', mpesa)).status, 200)
  const stkPush = { ...common, phone: '254700000000', reference: 'A' }
  assert.equal((await bed.post('/api/stk-push', stkPush)).status, 202)
  const answer = await bench.refused(
    'POST',
    '/v1/payments',
    { body: JSON.stringify(stkPush), headers: JSON_HEADERS },
    [400],
  )
  assert.deepEqual(Object.keys(objectIn(answer.body, 'errors')), ['extra', 'nested', 'constructorName'])
})

test('a shortcode that is not the merchant’s makes no payment', async () => {
  const madeBefore = await bench.paymentCount()
  for (const shortcode of ['999999', `sc_${'0'.repeat(32)}`]) {
    const body = JSON.stringify({ amount: 1, phone: '0712345678', reference: 'A', shortcode })
    const answer = await bench.refused('POST', '/v1/payments', { body, headers: JSON_HEADERS }, [422])
    assert.equal(answer.body.code, 'no_shortcode')
  }
  assert.equal(await bench.paymentCount(), madeBefore)
})

test('a form is read as strictly as JSON', async () => {
  const madeBefore = await bench.paymentCount()
  const good = 'amount=100&phone=0712345678&reference=A'
  const forms = [
    ...[
      '',
      '&',
      '=',
      'amount',
      `${good}&amount=1`,
      `${good}&phone=0712345679`,
      'amount[]=100&phone=0712345678',
    ],
    ...[
      `${good}%00`,
      `${good}%0A1`,
      good.replace('100', '1.5'),
      good.replace('100', '-1'),
      good.replace('100', ''),
    ],
    ...[good.replace('100', '1e2'), good.replace('100', '%EF%BC%91'), good.replace('100', '250001')],
    ...['__proto__=x&constructor=y', `__proto__[amount]=100&${good.replace('amount=100', '')}`],
    ...[good.replace('amount', 'amount[value]'), '{"amount":100,"phone":"0712345678","reference":"A"}'],
    'a=1&'.repeat(10_000),
  ]
  for (const body of forms) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await bench.refused('POST', '/api/stk-push', { body, headers }, [422], body.slice(0, 60))
  }
  const latin1 = [`${good}%E9`, `${good}%C3`, `${good}%ED%A0%80`, Buffer.from(`${good}\u00e9`, 'latin1')]
  for (const body of latin1) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await bench.refused(
      'POST',
      '/api/stk-push',
      { body, headers },
      [400],
      body.toString('latin1'),
    )
    assert.match(String(answer.body.message), /not valid UTF-8/)
  }
  assert.equal(await bench.paymentCount(), madeBefore)
})

test('a bad Idempotency-Key makes no payment', async () => {
  const madeBefore = await bench.paymentCount()
  const body = {
    amount: 1,
    phone: '254700000000',
    phoneNumber: '254700000000',
    reference: 'A',
    accountId: 'A',
  }
  const { phoneNumber, accountId, ...native } = body
  const keys = ['', ' ', 'two words', 'tab\there', 'caf\u00e9', 'x'.repeat(256)]
  for (const [path, wish] of [
    ['/api/mpesa/stkPush', body],
    ['/api/stk-push', body],
    ['/v1/payments', native],
  ] as const) {
    for (const key of keys) {
      const headers = { ...JSON_HEADERS, 'idempotency-key': key }
      await bench.refused(
        'POST',
        path,
        { body: JSON.stringify(wish), headers },
        [400],
        `key ${key.slice(0, 20)}`,
      )
    }
  }
  assert.equal(await bench.paymentCount(), madeBefore)
})
