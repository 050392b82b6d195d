import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceName } from '../../dashboard/src/accounts/device-name.ts'

test('a device is called what people call it', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  const names = {
    [`Mozilla/5.0 (Linux; Android 14; SM-A146P) ${webkit} Chrome/126.0.0.0 Mobile Safari/537.36`]:
      'Chrome, Android',
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`]:
      'Edge, Windows',
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${webkit} Version/17.5 Safari/604.1`]:
      'Safari, iPhone',
    'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0': 'Firefox, Linux',
    [`Mozilla/5.0 (Linux; Android 13; TECNO) ${webkit} Chrome/120 Mobile Safari/537.36 OPR/80.0`]:
      'Opera, Android',
    'curl/8.5.0': 'curl',
  }
  for (const [userAgent, name] of Object.entries(names)) assert.equal(deviceName(userAgent), name)
})

test('a device that says nothing about itself has no name', () => {
  assert.equal(deviceName(null), null)
  assert.equal(deviceName(''), null)
  assert.equal(deviceName('something else'), null)
})
