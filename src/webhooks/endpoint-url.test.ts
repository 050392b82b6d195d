import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkEndpointUrl } from './endpoint-url.ts'

const live = { live: true, allowPrivate: false }
const onTestSide = { live: false, allowPrivate: true }

test('an ordinary URL is accepted as it is written', () => {
  const url = 'https://shop.example/hooks/mpesa?shop=1'
  assert.deepEqual(checkEndpointUrl(url, live), { ok: true, url })
})

test('plain http is for the test side only', () => {
  assert.equal(checkEndpointUrl('http://shop.example/', live).ok, false)
  assert.equal(checkEndpointUrl('http://127.0.0.1:3000/', onTestSide).ok, true)
})

test('what cannot or must not be called is refused with a reason', () => {
  const refused: [string, RegExp][] = [
    ['', /must be a URL/],
    ['shop.example', /must be a URL/],
    ['ftp://shop.example/', /https/],
    ['javascript:alert(1)', /https/],
    ['https://user:pass@shop.example/', /user name/],
    ['https://user@shop.example/', /user name/],
    ['https://shop.example/#part', /fragment/],
    [' https://shop.example/', /spaces/],
    ['https://shop.example/\n', /spaces or control/],
    ['https://shop.example/\0', /spaces or control/],
    ['https://shop.example/\ud800', /spaces or control/],
    [`https://shop.example/${'x'.repeat(2048)}`, /2048/],
  ]
  for (const [url, reason] of refused) {
    const checked = checkEndpointUrl(url, live)
    assert.ok(!checked.ok, url)
    assert.match(checked.message, reason)
  }
})

test('addresses of internal networks are refused in every notation', () => {
  const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '10.0.0.8', '[::1]', '[::ffff:10.0.0.1]']
  for (const host of [...hosts, '169.254.169.254', '[fd00:ec2::254]', '0', '１２７.0.0.1']) {
    assert.equal(checkEndpointUrl(`https://${host}/`, live).ok, false, host)
  }
  assert.equal(checkEndpointUrl('http://169.254.169.254/', onTestSide).ok, false)
})

test('no text whatever makes the check throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      const checked = checkEndpointUrl(text, live)
      if (checked.ok) assert.equal(new URL(text).protocol, 'https:')
      else assert.ok(checked.message.length > 0)
    }),
  )
})
