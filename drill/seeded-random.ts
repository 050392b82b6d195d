// Numbers that look random and are the same for the same seed, so that a drill can be run again.

/** A source of numbers in [0, 1), with the drawings that a plan needs. */
export type SeededRandom = {
  next(): number
  /** A number from `min` up to, not including, `max`. */
  between(min: number, max: number): number
  /** A whole number from 0 up to, not including, `count`. */
  index(count: number): number
  chance(share: number): boolean
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** Mulberry32: 32 bits of state, good enough to plan with and the same on every machine. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const index = (count: number): number => Math.floor(next() * count)
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    index,
    chance: (share) => next() < share,
    pick: (choices) => choices[index(choices.length)] ?? choices[0],
  }
}
