// The pieces that route schemas are made of. They are documentation: surfaces read requests by hand, with
// better texts than a validator has, and answers go out as they are. Tests hold both to what is written here.
import { type TSchema, Type } from './schema-type.ts'

/** The media types in use. */
export const JSON_TYPE = 'application/json'
export const PROBLEM_TYPE = 'application/problem+json'
export const EVENT_STREAM_TYPE = 'text/event-stream'

/** `schema` or null; a description belongs to both. */
export function nullable<T extends TSchema>(schema: T) {
  const description = 'description' in schema ? schema.description : undefined
  return Type.Union([schema, Type.Null()], typeof description === 'string' ? { description } : {})
}

/** The shared schema `name`, by reference. */
export function reference(name: string) {
  return Type.Ref(`${name}#`)
}

/** One of `values`, as a string. */
export function oneOf<const V extends string>(values: readonly V[], options: object = {}) {
  return Type.Enum([...values], { type: 'string', ...options })
}

/** A point in time. */
export function time(description: string) {
  return Type.String({ format: 'date-time', description, examples: ['2026-03-21T11:30:55.000Z'] })
}

/** A header of an answer. */
export type AnswerHeader = { type: 'string' | 'integer'; description: string }

/** One answer of a route, as OpenAPI shows it. */
export type Answer = {
  description: string
  headers?: Record<string, AnswerHeader>
  content?: Record<string, { schema: TSchema; examples?: Record<string, { value: unknown }> }>
  type?: 'null'
}

/** How an answer is told apart from the plain ones. */
export type AnswerOptions = {
  type?: string
  headers?: Record<string, AnswerHeader>
  /** By name; each must be valid by the schema. */
  examples?: Record<string, unknown>
}

/** An answer with a body. */
export function answer(description: string, schema: TSchema, options: AnswerOptions = {}): Answer {
  const examples = options.examples && {
    examples: Object.fromEntries(Object.entries(options.examples).map(([name, value]) => [name, { value }])),
  }
  return {
    description,
    ...(options.headers && { headers: options.headers }),
    content: { [options.type ?? JSON_TYPE]: { schema, ...examples } },
  }
}

/** An answer without a body. */
export function emptyAnswer(description: string): Answer {
  return { description, type: 'null' }
}

/** Tells when to come again. */
export const RETRY_AFTER: Record<string, AnswerHeader> = {
  'retry-after': { type: 'integer', description: 'Seconds after which a new try makes sense.' },
}

/** Marks an answer to a repeated request. */
export const IDEMPOTENT_REPLAYED: Record<string, AnswerHeader> = {
  'idempotent-replayed': {
    type: 'string',
    description: '`true` when the request came before and this is the payment it made then.',
  },
}

/** The header that makes a request safe to repeat. */
export const IDEMPOTENCY_HEADERS = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        '1 to 255 visible ASCII characters of your own, the same at every try of one request. The same key ' +
        'and body return the first payment; the same key with another body is refused.',
      examples: ['order-2041-attempt'],
    }),
  ),
})
