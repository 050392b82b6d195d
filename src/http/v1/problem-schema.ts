// Problems as the OpenAPI document shows them, and the error answers that native routes have in common.
import { type Answer, answer, oneOf, PROBLEM_TYPE, RETRY_AFTER, reference } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { PROBLEM_STATUS, PROBLEM_TITLES, type ProblemCode } from './problem.ts'

const CODES = Object.keys(PROBLEM_STATUS)

/** An error answer of the native API. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'A page that explains the code.' }),
    title: Type.String({ description: 'The kind of problem.' }),
    status: Type.Integer({ description: 'The HTTP status, again.' }),
    detail: Type.String({ description: 'What is wrong in this case and what to do.' }),
    code: oneOf(CODES, { description: 'Stable: decide on this.' }),
    errors: Type.Optional(
      Type.Record(Type.Array(Type.String()), { description: 'Texts by the field at fault.' }),
    ),
    request_id: Type.String({
      description: 'Also in the header `x-request-id`; name it when you report a fault.',
    }),
  },
  { $id: 'Problem', description: 'An RFC 9457 problem.' },
)

/** What every native route can answer. */
const EVERYWHERE: readonly ProblemCode[] = [
  'unauthenticated',
  'forbidden',
  'invalid',
  'rate_limited',
  'unavailable',
  'internal',
]
const WITH_BODY: readonly ProblemCode[] = [
  'malformed_body',
  'timeout',
  'body_too_large',
  'unsupported_media_type',
]

/** The error answers of a route without a body: the common ones and `more`. */
export function problems(...more: ProblemCode[]): Record<number, Answer> {
  return publicProblems(...EVERYWHERE, ...more)
}

/** The error answers of a route that needs no key: `codes` and no others. */
export function publicProblems(...codes: ProblemCode[]): Record<number, Answer> {
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code])
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, those]) => [status, problemAnswer(those)]),
  )
}

/** The error answers of a route that takes a body. */
export function bodyProblems(...more: ProblemCode[]): Record<number, Answer> {
  return problems(...WITH_BODY, ...more)
}

const COMES_AGAIN = new Set<ProblemCode>(['rate_limited', 'unavailable'])

function problemAnswer(codes: ProblemCode[]): Answer {
  const titles = codes.map((code) => `\`${code}\`: ${PROBLEM_TITLES[code]}.`)
  return answer(titles.join(' '), reference('Problem'), {
    type: PROBLEM_TYPE,
    examples: Object.fromEntries(codes.map((code) => [code, exampleOf(code)])),
    ...(codes.some((code) => COMES_AGAIN.has(code)) ? { headers: RETRY_AFTER } : {}),
  })
}

function exampleOf(code: ProblemCode) {
  return {
    type: `https://pay.example.org/docs/errors/${code}`,
    title: PROBLEM_TITLES[code],
    status: PROBLEM_STATUS[code],
    detail: code === 'invalid' ? 'Invalid input: amount.' : `${PROBLEM_TITLES[code]}.`,
    code,
    ...(code === 'invalid' ? { errors: { amount: ['The amount must be between 1 and 250000.'] } } : {}),
    request_id: '4f6c1f5e-8f0b-4a52-9d9a-3f5d1c0f7b10',
  }
}
