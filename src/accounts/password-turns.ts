// Hashing passwords, a few at a time: each takes a good part of a second and 32 MiB, on threads that webhooks
// need for looking up names.

/** Work in turns. */
export type Turns = {
  /** Runs `work` when it is its turn. */
  take<T>(work: () => Promise<T>): Promise<T>
  /** So much waits already that who comes now had better come again. */
  isCrowded(): boolean
}

/** Of Node's four threads. */
export const HASHING_MAX = 2
/** Some ten seconds of hashing: beyond it a page has given up before its answer comes. */
export const HASHING_WAIT_MAX = 100

/** At most `count` at once; the others wait, first come first served. With `crowd` of them it is crowded. */
export function createTurns(count: number, crowd: number): Turns {
  const waiting: (() => void)[] = []
  let free = count
  return {
    isCrowded: () => waiting.length >= crowd,
    async take(work) {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
  }
}
