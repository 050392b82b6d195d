import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAddressList } from './address-list.ts'

test('an address is in a list by itself, by its network, and in its IPv6-mapped form', () => {
  const list = createAddressList(['196.201.214.200', '196.201.212.0/24', '2001:db8::/32'])
  for (const ip of ['196.201.214.200', '196.201.212.77', '::ffff:196.201.214.200', '2001:db8::5']) {
    assert.equal(list.includes(ip), true, ip)
  }
  for (const ip of ['196.201.214.201', '127.0.0.1', '2001:db9::5', '', 'nonsense', '196.201.214.200.']) {
    assert.equal(list.includes(ip), false, ip)
  }
})
