// Numbers that a virtual phone may have.
import { SEPARATORS } from '../ui/phone-number.ts'

const KENYAN = /^(?:\+?254|0)([17]\d{8})$/
/** Test numbers answer by themselves, so no phone can be one. */
const TEST_NUMBER = /^2547000/

/** The number of the first phone that a page shows. */
export const FIRST_NUMBER = '254712345678'
/** As many as one page may hold. */
export const NUMBERS_MAX = 8

/** `0712 345 678` and the like as `254712345678`; a word for what is wrong otherwise. */
export function readPhoneNumber(
  text: string,
): { ok: true; number: string } | { ok: false; why: 'form' | 'test_number' } {
  const [, rest] = KENYAN.exec(text.replace(SEPARATORS, '')) ?? []
  if (rest === undefined) return { ok: false, why: 'form' }
  const number = `254${rest}`
  return isTestNumber(number) ? { ok: false, why: 'test_number' } : { ok: true, number }
}

/** Whether the simulator answers for this number by itself. */
export const isTestNumber = (number: string): boolean => TEST_NUMBER.test(number)

/** `254712345678` as people say it: `0712 345 678`. */
export function spokenNumber(number: string): string {
  return `0${number.slice(3, 6)} ${number.slice(6, 9)} ${number.slice(9)}`
}
