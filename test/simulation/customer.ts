// The customers of the simulation, by number.
import { type Phone, parsePhone } from '../../src/phone.ts'

const NATIONAL_DIGITS = 8

/** The phone of customer `index`. */
export function phoneOf(index: number): Phone {
  const phone = parsePhone(`07${String(index).padStart(NATIONAL_DIGITS, '0')}`)
  if (phone === null) throw new RangeError(`there is no customer ${index}`)
  return phone
}
