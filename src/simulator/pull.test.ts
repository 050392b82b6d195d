import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { openTestbed, passwordFor, type Testbed } from './testbed.ts'

function eat(atMs: number): string {
  return new Date(atMs + 10_800_000).toISOString().slice(0, 19).replace('T', ' ')
}

async function pull(bed: Testbed, fields: object = {}) {
  const now = systemClock.now()
  const body = { ShortCode: '174379', StartDate: eat(now - 600_000), EndDate: eat(now), OffSetValue: '0' }
  const authorization = `Bearer ${await bed.token()}`
  return bed.call('POST', '/pulltransactions/v1/query', { ...body, ...fields }, { authorization })
}

type Row = Record<string, unknown>

async function pullRows(bed: Testbed, fields: object = {}): Promise<Row[]> {
  const { body } = await pull(bed, fields)
  const response = body.Response
  return Array.isArray(response) ? (response.flat() as Row[]) : []
}

async function pay(bed: Testbed, phone: string, fields: object = {}): Promise<string> {
  const reference = `R${phone.slice(-5)}`
  await bed.push({ PartyA: phone, PhoneNumber: phone, AccountReference: reference, ...fields })
  return String((await bed.ended()).receipt)
}

test('a statement shows what was paid and nothing else, as Safaricom writes it', async () => {
  await using bed = await openTestbed()
  const receipt = await pay(bed, '254712345678')
  await pay(bed, '254700001032')
  const answer = await pull(bed)
  assert.equal(answer.body.ResponseCode, '1000')
  const [row, ...others] = await pullRows(bed)
  assert.deepEqual(others, [])
  assert.match(String(row?.trxDate), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(
    [row?.transactionId, row?.msisdn, row?.amount, row?.billreference],
    [receipt, 254712345678, '150.00', 'R45678'],
  )
})

test('the rows of a till say so, and name no account', async () => {
  await using bed = await openTestbed()
  await pay(bed, '254712345678')
  const till = { BusinessShortCode: 174380, Password: passwordFor('174380'), PartyB: 5174380 }
  await pay(bed, '254712345679', { ...till, TransactionType: 'CustomerBuyGoodsOnline' })
  const written = async (ShortCode: string) =>
    (await pullRows(bed, { ShortCode })).map((row) => [row.transactiontype, row.billreference])
  assert.deepEqual(await written('174379'), [['c2b-pay-bill-debit', 'R45678']])
  assert.deepEqual(await written('174380'), [['c2b-buy-goods-debit', '']])
})

test('time, shortcode and lag say what is on it; nothing at all is code 1001', async () => {
  await using bed = await openTestbed({ speed: 1000 })
  await pay(bed, '254712345678')
  const now = systemClock.now()
  const nothing = { StartDate: eat(now - 900_000), EndDate: eat(now - 300_000) }
  assert.equal((await pull(bed, nothing)).body.ResponseCode, '1001')
  assert.equal((await pull(bed, { ShortCode: '174380' })).body.ResponseCode, '1001')
  assert.equal((await pull(bed, { ShortCode: '600000' })).body.errorCode, '500.001.1001')
  assert.equal((await pull(bed, { StartDate: 'yesterday' })).body.errorCode, '400.002.02')
  await bed.call('PUT', '/simulator/pull', { lagMs: 86_400_000 })
  assert.equal((await pull(bed)).body.ResponseCode, '1001')
})

test('the switches change what sources disagree on', async () => {
  await using bed = await openTestbed()
  const receipts = [
    await pay(bed, '254712345678'),
    await pay(bed, '254712345679'),
    await pay(bed, '254712345670'),
  ]
  const read = async (switches: object, offset: number) => {
    const set = await bed.call('PUT', '/simulator/pull', { pageSize: 2, ...switches })
    assert.equal(set.status, 200, set.text)
    return (await pullRows(bed, { OffSetValue: String(offset) })).map((row) => row.transactionId)
  }
  assert.deepEqual(await read({ offset: 'pages' }, 1), [receipts[0]])
  assert.deepEqual(await read({ offset: 'rows' }, 1), [receipts[1], receipts[0]])
  assert.deepEqual(await read({ offset: 'ignored' }, 1), [receipts[2], receipts[1]])
  assert.deepEqual(await read({ omitted: 1 }, 0), [])
  await bed.call('PUT', '/simulator/pull', { times: 'eat', phone: 'masked', nested: false })
  const [row] = await pullRows(bed)
  assert.match(String(row?.trxDate), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.equal(row?.msisdn, '2547****5670')
  const refused = await bed.call('PUT', '/simulator/pull', { pagesize: 2 })
  assert.match(refused.text, /pagesize: there is no such switch/)
})
