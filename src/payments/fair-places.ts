// A bounded number of places, of which nobody takes so many that nothing is left for the next to come.

/** Places by who holds them: each holding counts for several parties, such as a merchant and a shortcode. */
export type FairPlaces = {
  hasRoom(parties: readonly string[]): boolean
  enter(parties: readonly string[]): void
  leave(parties: readonly string[]): void
  used(): number
}

/**
 * A party may hold so many times what is free (the dynamic threshold of shared buffers; Choudhury and Hahne,
 * 1998): one alone gets four fifths of all, two get four ninths each, and some are always free.
 */
const TIMES_FREE = 4

/** `max` places; it may change at any time. */
export function createFairPlaces(deps: { max: () => number }): FairPlaces {
  const held = new Map<string, number>()
  let used = 0
  return {
    hasRoom(parties) {
      const max = Math.floor(deps.max())
      const free = max - used
      if (free < 1) return false
      // The last place of all is never one party's, however few there are.
      const share = Math.max(1, Math.min(TIMES_FREE * free, max - 1))
      return parties.every((party) => (held.get(party) ?? 0) < share)
    },
    enter(parties) {
      used += 1
      for (const party of parties) held.set(party, (held.get(party) ?? 0) + 1)
    },
    leave(parties) {
      used -= 1
      for (const party of parties) {
        const left = (held.get(party) ?? 0) - 1
        if (left > 0) held.set(party, left)
        else held.delete(party)
      }
    },
    used: () => used,
  }
}
