// Lists as the OpenAPI document shows them.
import { nullable, reference } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { LIMIT_DEFAULT, LIMIT_MAX } from './page.ts'

/** A page of the shared schema `name`. */
export function listOf(name: string) {
  return Type.Object({
    object: Type.Literal('list'),
    data: Type.Array(reference(name)),
    has_more: Type.Boolean({ description: 'True when a next page is there.' }),
    next_cursor: nullable(Type.String({ description: 'Give it as `cursor` for the next page.' })),
  })
}

/** The query parameters of every list. */
export const PAGE_PARAMETERS = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: LIMIT_MAX,
      default: LIMIT_DEFAULT,
      description: 'How many at the most.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: 'The `next_cursor` of the page before this one.' }),
  ),
}

/** The path parameter of everything that has an id. */
export function idParameter(example: string, description: string) {
  return Type.Object({ id: Type.String({ description, examples: [example] }) })
}

/** Example ids, one a kind. */
export const EXAMPLE_IDS = {
  pay: 'pay_0197f2a61c1e7c3a9a546e1f0b2d3c4d',
  evt: 'evt_0197f2a6f0107b1c8c1d2e3f40516273',
  we: 'we_0197f2a01a2b7c4d9e5f60718293a4b5',
  wd: 'wd_0197f2a6f0117d2e9f3a4b5c6d7e8f90',
  sc: 'sc_0197f29f0a1b7c2d8e3f405162738495',
  key: 'key_0197f29f5b6c7d8e9f0a1b2c3d4e5f60',
  mer: 'mer_0197f29e00117a2b8c3d4e5f60718293',
} as const
