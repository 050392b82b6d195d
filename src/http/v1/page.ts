// Pages of lists: how one is asked for, and how it is answered.
import type { Uuid } from '../../ids.ts'
import type { FieldReader } from '../field-reader.ts'
import { digitsOf, textOf } from '../field-values.ts'
import { decodeCursor, encodeCursor, type ListName } from './cursor.ts'

/** Rows of a page unless asked otherwise. */
export const LIMIT_DEFAULT = 25
/** A page is one answer and one query; more than this is no page any more. */
export const LIMIT_MAX = 100
const CURSOR_LENGTH_MAX = 200
/** What to tell somebody whose cursor was not taken. */
export const CURSOR_HINT = 'must be the next_cursor of a former answer of this list'

/** A page that was asked for: newest first, older than the row `before`. */
export type PageWish = { limit: number; before: Uuid | null }

/** The JSON of a page. */
export type List<T> = { object: 'list'; data: T[]; has_more: boolean; next_cursor: string | null }

/** Reads `limit`. */
export function readLimit(fields: FieldReader): number {
  return fields.optional('limit', digitsOf({ min: 1, max: LIMIT_MAX })) ?? LIMIT_DEFAULT
}

/** Reads `limit` and `cursor` of `list` out of a query string; faults are noted in `fields`. */
export function readPage(fields: FieldReader, list: ListName): PageWish {
  return { limit: readLimit(fields), before: readCursor(fields, (text) => decodeCursor(list, text)) }
}

/** Reads `cursor` by `decode`; null when there is none, or a fault was noted. */
export function readCursor<T>(fields: FieldReader, decode: (text: string) => T | null): T | null {
  const text = fields.optional('cursor', textOf({ max: CURSOR_LENGTH_MAX }))
  if (text === null) return null
  const decoded = decode(text)
  if (decoded === null) fields.fault('cursor', CURSOR_HINT)
  return decoded
}

/** One page of `list`. `read` is asked for one row more than fits, which tells whether there are more. */
export async function answerPage<R extends { id: Uuid }, T>(
  list: ListName,
  wish: PageWish,
  read: (wish: PageWish) => Promise<R[]>,
  render: (row: R) => T,
): Promise<List<T>> {
  const rows = await read({ ...wish, limit: wish.limit + 1 })
  const shown = rows.slice(0, wish.limit)
  const last = shown.at(-1)
  const hasMore = rows.length > shown.length
  return {
    object: 'list',
    data: shown.map(render),
    has_more: hasMore,
    next_cursor: hasMore && last !== undefined ? encodeCursor(list, last.id) : null,
  }
}
