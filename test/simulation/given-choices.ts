// Choices out of a list of numbers, which fast-check makes and, when an invariant breaks, makes simpler: zero
// is the tame choice everywhere, and so is the end of the list.
import type { Choices } from './choices.ts'

/** The numbers are at most this. */
export const CHOICE_MAX = 0xffff

/** The choices of `numbers`, one after the other. */
export function givenChoices(numbers: readonly number[]): Choices {
  let index = 0
  const next = () => {
    const number = numbers[index] ?? 0
    index += 1
    return number
  }
  const random = () => (CHOICE_MAX - next()) / (CHOICE_MAX + 1)
  const between = (min: number, max: number) => min + (next() % (max - min + 1))
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
