// The kinds of JSON Schema that routes are described with. The server itself never reads a description: a
// library for it would take a tenth of its memory, and a fifth of its start.

/** A JSON Schema. */
export type TSchema = Readonly<Record<string, unknown>>

/** Marks a property that need not be there; no part of the schema, so that it is never written. */
const OPTIONAL = Symbol('optional')

/** Makes schemas; `options` are further keywords. */
export const Type = {
  String: (options: TSchema = {}): TSchema => ({ type: 'string', ...options }),
  Integer: (options: TSchema = {}): TSchema => ({ type: 'integer', ...options }),
  Number: (options: TSchema = {}): TSchema => ({ type: 'number', ...options }),
  Boolean: (options: TSchema = {}): TSchema => ({ type: 'boolean', ...options }),
  Null: (options: TSchema = {}): TSchema => ({ type: 'null', ...options }),
  Literal: (value: string | boolean, options: TSchema = {}): TSchema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Enum: (values: readonly string[], options: TSchema = {}): TSchema => ({ enum: [...values], ...options }),
  Array: (items: TSchema, options: TSchema = {}): TSchema => ({ type: 'array', items, ...options }),
  Union: (anyOf: readonly TSchema[], options: TSchema = {}): TSchema => ({ anyOf: [...anyOf], ...options }),
  Ref: ($ref: string): TSchema => ({ $ref }),
  /** An object of any names, each with such a value. */
  Record: (value: TSchema, options: TSchema = {}): TSchema => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  /** An object of these properties, of which those that are not `Optional` must be there. */
  Object(properties: Readonly<Record<string, TSchema>>, options: TSchema = {}): TSchema {
    const required = Object.keys(properties).filter((name) => !(OPTIONAL in (properties[name] ?? {})))
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
  },
  Optional: (schema: TSchema): TSchema => Object.defineProperty({ ...schema }, OPTIONAL, { value: true }),
}
