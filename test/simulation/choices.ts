// Where chance comes from in the simulation: a seed, so that the same seed is the same world.

/** A source of choices. */
export type Choices = {
  /** From 0 up to 1. */
  random(): number
  chance(probability: number): boolean
  /** A whole number of at least `min` and at most `max`. */
  between(min: number, max: number): number
  /** One of a list that has some. */
  pick<T>(list: readonly T[]): T
}

/** Choices that follow from `seed` alone (mulberry32: small, fast and good enough to choose with). */
export function seededChoices(seed: number): Choices {
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  // Neighbouring seeds begin alike otherwise.
  for (let warmUp = 0; warmUp < 8; warmUp += 1) random()
  const between = (min: number, max: number) => min + Math.floor(random() * (max - min + 1))
  return {
    random,
    chance: (probability) => probability > 0 && random() < probability,
    between,
    pick(list) {
      const picked = list[between(0, list.length - 1)]
      if (picked === undefined) throw new RangeError('nothing to choose from')
      return picked
    },
  }
}
