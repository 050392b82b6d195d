import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type AnswerChecker, createAnswerChecker } from './answer-checker.ts'

let check: AnswerChecker
before(async () => {
  check = await createAnswerChecker()
})

const healthy = {
  method: 'GET',
  path: '/healthz',
  status: 200,
  contentType: 'application/json; charset=utf-8',
  text: '{"status":"ok"}',
}

test('an answer is as documented, or is told what is wrong with it', () => {
  assert.equal(check(healthy), null)
  assert.match(check({ ...healthy, path: '/nowhere' }) ?? '', /not documented/)
  assert.match(check({ ...healthy, status: 418 }) ?? '', /status 418/)
  assert.match(check({ ...healthy, contentType: 'text/html' }) ?? '', /content type/)
  assert.notEqual(check({ ...healthy, text: '{"status":"fine"}' }), null)
  assert.notEqual(check({ ...healthy, text: '{}' }), null)
})

test('a field that is not documented is found, in what is referred to as well', () => {
  assert.notEqual(check({ ...healthy, text: '{"status":"ok","more":1}' }), null)
  const problem = {
    type: 'https://pay.example.org/docs/errors/not_found',
    title: 'x',
    status: 404,
    detail: 'x',
    code: 'not_found',
    request_id: 'x',
  }
  const missing = {
    method: 'GET',
    path: '/v1/payments/pay_1',
    status: 404,
    contentType: 'application/problem+json',
    text: JSON.stringify(problem),
  }
  assert.equal(check(missing), null)
  assert.notEqual(check({ ...missing, text: JSON.stringify({ ...problem, stack: 'x' }) }), null)
  assert.notEqual(check({ ...missing, text: JSON.stringify({ ...problem, code: 'other' }) }), null)
})
