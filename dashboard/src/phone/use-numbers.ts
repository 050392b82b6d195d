// Which phones this page is, kept by the browser.

import { useState } from 'react'
import { keep, readKept } from '../kept.ts'
import { FIRST_NUMBER, NUMBERS_MAX, readPhoneNumber } from './phone-number.ts'

const STORED_AS = 'sukuma.phones'

/** The numbers of this page, and the one that is looked at. There is always one. */
export type Numbers = {
  numbers: readonly string[]
  current: string
  choose(number: string): void
  /** Adds a number as somebody typed it; a word for what is wrong with it. */
  add(text: string): 'form' | 'test_number' | 'too_many' | null
  remove(number: string): void
}

/** Begins with the number in the address, then those of the last visit. */
export function useNumbers(asked: string | null): Numbers {
  const [numbers, setNumbers] = useState(() => firstNumbers(asked))
  const [chosen, choose] = useState(numbers[0] ?? FIRST_NUMBER)
  const change = (next: string[]): void => {
    setNumbers(next)
    keep(STORED_AS, next.join(','))
  }
  return {
    numbers,
    current: numbers.includes(chosen) ? chosen : (numbers[0] ?? FIRST_NUMBER),
    choose,
    add(text) {
      const read = readPhoneNumber(text)
      if (!read.ok) return read.why
      if (!numbers.includes(read.number)) {
        if (numbers.length >= NUMBERS_MAX) return 'too_many'
        change([...numbers, read.number])
      }
      choose(read.number)
      return null
    },
    remove: (number) => change(numbers.filter((each) => each !== number)),
  }
}

function firstNumbers(asked: string | null): string[] {
  const stored = (readKept(STORED_AS) ?? '').split(',')
  const read = [asked ?? '', ...stored].map(readPhoneNumber).flatMap((each) => (each.ok ? [each.number] : []))
  const numbers = [...new Set(read)].slice(0, NUMBERS_MAX)
  return numbers.length > 0 ? numbers : [FIRST_NUMBER]
}
