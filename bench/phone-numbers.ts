// Phones of nobody, numbered, so that millions of them fit into a bitmap instead of a set of texts.

const PREFIXES = ['2547', '2541'] as const
const NUMBERS_EACH = 100_000_000
const LENGTH = 12

/** How many phones there are: all that a Kenyan mobile number can be. */
export const PHONES_MAX = PREFIXES.length * NUMBERS_EACH

/** The phone of this number, from 0. */
export function phoneOf(index: number): string {
  const prefix = PREFIXES[Math.floor(index / NUMBERS_EACH)]
  if (prefix === undefined) throw new RangeError(`there are no ${index} phones`)
  return prefix + String(index % NUMBERS_EACH).padStart(8, '0')
}

/** Its number; null for a text that is no such phone. */
export function indexOfPhone(phone: string): number | null {
  const at = PREFIXES.findIndex((prefix) => phone.startsWith(prefix))
  const rest = Number(phone.slice(4))
  return at < 0 || phone.length !== LENGTH || !Number.isInteger(rest) ? null : at * NUMBERS_EACH + rest
}

/** A set of numbers below `size`, an eighth of a byte each; the system gives the memory as it is used. */
export type Bitmap = {
  /** Whether it was not in the set before. */
  add(index: number): boolean
  has(index: number): boolean
  count(): number
}

/** An empty set. */
export function createBitmap(size: number = PHONES_MAX): Bitmap {
  const bytes = new Uint8Array(Math.ceil(size / 8))
  let count = 0
  const has = (index: number) => ((bytes[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
  return {
    has,
    count: () => count,
    add(index) {
      if (index < 0 || index >= size) throw new RangeError(`${index} is not below ${size}`)
      if (has(index)) return false
      bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
      count += 1
      return true
    },
  }
}
