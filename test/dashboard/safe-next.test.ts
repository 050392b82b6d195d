import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext } from '../../dashboard/src/accounts/safe-next.ts'

test('after a sign-in the page that was asked for is opened', () => {
  for (const path of [
    '/',
    '/payments',
    '/payments?status=failed&page=2',
    '/accept-invitation/abc',
    '/settings#tab',
  ]) {
    assert.equal(safeNext(path), path)
  }
})

test('after a sign-in nobody is sent to another site', () => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/a\\..\\evil',
    '/\n/evil.example',
    '',
  ]
  for (const path of elsewhere) assert.equal(safeNext(path), '/', JSON.stringify(path))
  assert.equal(safeNext(null), '/')
})

test('whatever is accepted, a browser keeps on this site', () => {
  const origin = 'https://pay.example.org'
  const pieces = [
    '/',
    '\\',
    '\t',
    '\r',
    '@',
    ':',
    'evil.example',
    '//',
    'https:',
    '.',
    '..',
    '?',
    '#',
    '%2f',
    ' ',
  ]
  for (const a of pieces) {
    for (const b of pieces) {
      for (const c of pieces) {
        const next = safeNext(`/${a}${b}${c}`)
        assert.equal(new URL(next, origin).origin, origin, JSON.stringify(next))
      }
    }
  }
})

test('after a sign-in nobody is sent back to the sign-in', () => {
  for (const path of ['/sign-in', '/sign-in?next=/sign-in', '/sign-up', '/reset-password#token=a']) {
    assert.equal(safeNext(path), '/')
  }
  assert.equal(safeNext('/sign-ins'), '/sign-ins')
})
