import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestbed, type Testbed } from './testbed.ts'

async function register(bed: Testbed, fields: object = {}) {
  const body = {
    ShortCode: '174379',
    RequestType: 'Pull',
    NominatedNumber: '0722000000',
    CallBackURL: 'https://shop.example/pull',
  }
  const authorization = `Bearer ${await bed.token()}`
  return bed.call('POST', '/pulltransactions/v1/register', { ...body, ...fields }, { authorization })
}

test('a shortcode is registered once, and told so after that', async () => {
  await using bed = await openTestbed()
  const { ResponseRefID, ...first } = (await register(bed)).body
  assert.equal(typeof ResponseRefID, 'string')
  assert.deepEqual(first, {
    ResponseStatus: '1000',
    ShortCode: '174379',
    ResponseDescription: 'Shortcode Registered Successfully',
  })
  assert.equal((await register(bed)).body.ResponseStatus, '1001')
  assert.equal((await register(bed, { ShortCode: 174380 })).body.ResponseStatus, '1000')
})

test('the keys of the answer can have spaces', async () => {
  await using bed = await openTestbed()
  await bed.call('PUT', '/simulator/pull', { registerKeys: 'spaced' })
  const { body } = await register(bed)
  assert.deepEqual(
    [body['Response Status'], body['Response Description']],
    ['1000', 'Shortcode Registered Successfully'],
  )
})

test('a registration of wrong fields, of another shortcode or without a token is refused', async () => {
  await using bed = await openTestbed()
  const wrong: [fields: object, errorMessage: string][] = [
    [{ ShortCode: 'x' }, 'Bad Request - Invalid ShortCode'],
    [{ RequestType: 'Push' }, 'Bad Request - Invalid RequestType'],
    [{ NominatedNumber: '722000000' }, 'Bad Request - Invalid NominatedNumber'],
    [{ CallBackURL: 'http://shop.example/pull' }, 'Bad Request - Invalid CallBackURL'],
    [{ ShortCode: '600000' }, 'Merchant does not exist'],
  ]
  for (const [fields, errorMessage] of wrong) {
    assert.equal((await register(bed, fields)).body.errorMessage, errorMessage)
  }
  assert.equal((await bed.call('POST', '/pulltransactions/v1/register', {})).status, 401)
})
