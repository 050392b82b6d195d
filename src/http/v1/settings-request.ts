// What the routes on settings share in reading requests.
import type { FastifyRequest } from 'fastify'
import { type FieldReader, readFields } from '../field-reader.ts'
import { numberOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'

/** Far above what any rotation allows, which its own code says more exactly. */
const OVERLAP_SECONDS_MAX = 1_000_000_000

/** A reader over a body that may be left out. PHP's clients write an empty one as a list. */
export function readOptionalBody(request: FastifyRequest): FieldReader {
  const { body } = request
  const isEmptyList = Array.isArray(body) && body.length === 0
  return readFields(body === undefined || body === null || isEmptyList ? {} : body)
}

/** `overlap`, in seconds, of a body that may be left out and may hold nothing else; null when absent. */
export function readOverlap(request: FastifyRequest): number | null {
  const fields = readOptionalBody(request)
  const overlap = fields.optional('overlap', numberOf({ min: 0, max: OVERLAP_SECONDS_MAX, whole: true }))
  fields.checkAll()
  return overlap
}

/** The `invalid` error for faults that the core found, in the words of this surface. */
export function invalidFields(errors: Readonly<Record<string, readonly string[]>>): HttpError {
  const fields = Object.entries(errors).map(([name, texts]) => [
    name,
    texts.map((text) => `The ${name} ${text}.`),
  ])
  const names = Object.keys(errors).join(', ')
  return new HttpError('invalid', `Invalid input: ${names}.`, { fields: Object.fromEntries(fields) })
}
