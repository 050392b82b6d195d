// Times of rows: `timestamptz` as the driver gives it, or as JSON does (an event's snapshot).

/** The time, or null where the column is null or was not read. */
export function readTime(value: unknown): Date | null {
  if (value instanceof Date) return value
  return typeof value === 'string' ? new Date(value) : null
}

/** The time of a column that is never null; throws when `row` lacks it, as a statement that left it out. */
export function requireTime(row: Readonly<Record<string, unknown>>, column: string): Date {
  const time = readTime(row[column])
  if (time === null) throw new Error(`a row without its ${column} was read`)
  return time
}
