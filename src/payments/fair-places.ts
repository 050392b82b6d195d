// A bounded number of places, of which nobody takes so many that nothing is left for the next to come.

/**
 * Somebody who holds places. It may hold `timesFree` times what is free (the dynamic threshold of shared
 * buffers; Choudhury and Hahne, 1998): with 4, one alone gets four fifths of all, two get four ninths each,
 * and some are always free.
 */
export type PlaceParty = { name: string; timesFree: number }

/** Places by who holds them: each holding counts for several parties, such as a merchant and a shortcode. */
export type FairPlaces = {
  hasRoom(parties: readonly PlaceParty[]): boolean
  enter(parties: readonly PlaceParty[]): void
  leave(parties: readonly PlaceParty[]): void
  used(): number
}

/** `max` places; it may change at any time. */
export function createFairPlaces(deps: { max: () => number }): FairPlaces {
  const held = new Map<string, number>()
  let used = 0
  return {
    hasRoom(parties) {
      const max = Math.floor(deps.max())
      const free = max - used
      if (free < 1) return false
      return parties.every(({ name, timesFree }) => {
        // The last place of all is never one party's, however few there are.
        const share = Math.max(1, Math.min(timesFree * free, max - 1))
        return (held.get(name) ?? 0) < share
      })
    },
    enter(parties) {
      used += 1
      for (const { name } of parties) held.set(name, (held.get(name) ?? 0) + 1)
    },
    leave(parties) {
      used -= 1
      for (const { name } of parties) {
        const left = (held.get(name) ?? 0) - 1
        if (left > 0) held.set(name, left)
        else held.delete(name)
      }
    },
    used: () => used,
  }
}
