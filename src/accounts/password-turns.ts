// Hashing passwords, a few at a time: each takes a good part of a second and 32 MiB, on threads that webhooks
// need for looking up names.

/** Runs `work` when it is its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Of Node's four threads. */
export const HASHING_MAX = 2

/** At most `count` at once; the others wait, first come first served. */
export function createTurns(count: number): Turns {
  const waiting: (() => void)[] = []
  let free = count
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
