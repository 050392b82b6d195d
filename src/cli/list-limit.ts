// How much a list command shows.
import { type Arguments, type CommandIo, type Option, UsageError } from './command.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 10_000

/** The option that limits a list. */
export const LIMIT_OPTION: Option = {
  value: 'N',
  doc: `At most so many, newest first; ${LIMIT_DEFAULT} by default.`,
}

/** The number that `--limit` gives. */
export function readLimit(args: Arguments): number {
  const text = args.text('limit') ?? String(LIMIT_DEFAULT)
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= LIMIT_MAX) return limit
  throw new UsageError(`--limit must be a number from 1 to ${LIMIT_MAX}`)
}

/** Lists of several sides as one; ids begin with the time at which they were made. */
export function newestFirst<T extends { id: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.id < b.id ? 1 : -1))
}

/** The first `limit` of a list that was read with one more, so that the cut can be told. */
export function cutList<T>(io: CommandIo, list: readonly T[], limit: number): readonly T[] {
  if (list.length > limit) io.stderr.write(`Only the newest ${limit} are shown: see --limit.\n`)
  return list.slice(0, limit)
}
