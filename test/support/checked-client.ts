// Asks the native API of a test gateway, and holds every answer to the OpenAPI document.
import assert from 'node:assert/strict'
import { type AnswerChecker, createAnswerChecker } from '../../src/http/testing/answer-checker.ts'
import type { Answer, TestGateway } from './gateway.ts'

/** A client of one gateway; `key` is the merchant's own unless given. */
export type CheckedClient = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  options?: { body?: unknown; key?: string; headers?: Record<string, string> },
) => Promise<Answer>

/** A client of `bed`. */
export async function createCheckedClient(bed: TestGateway): Promise<CheckedClient> {
  const check: AnswerChecker = await createAnswerChecker()
  return async (method, path, { body, key, headers } = {}) => {
    const answer = await bed.send(method, path, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'x-api-key': key }),
        ...headers,
      },
    })
    const fault = check({
      method,
      path: path.split('?')[0] ?? path,
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? undefined,
      text: answer.text,
    })
    assert.equal(fault, null, `${method} ${path} was answered ${answer.status}: ${answer.text}`)
    return answer
  }
}

/** The rows of a list's answer. */
export function rowsOf(answer: Answer): Record<string, unknown>[] {
  assert.equal(answer.status, 200, answer.text)
  assert.ok(Array.isArray(answer.body.data), answer.text)
  return answer.body.data
}
