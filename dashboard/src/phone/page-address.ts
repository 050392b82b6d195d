// What the page is asked for in its address: `/?embed=1&number=2547…&lang=sw&scheme=dark`.
import type { Language } from '../texts/languages.ts'

/** An address, read. Whatever is not asked for is null. */
export type PageAddress = {
  /** The phone alone, for a page that shows it inside of its own. */
  isEmbedded: boolean
  /** As it was written. */
  number: string | null
  language: Language | null
  scheme: 'light' | 'dark' | null
}

/** Reads the part of an address after `?`. */
export function readPageAddress(search: string): PageAddress {
  const asked = new URLSearchParams(search)
  const language = asked.get('lang')
  const scheme = asked.get('scheme')
  return {
    isEmbedded: asked.get('embed') === '1',
    number: asked.get('number'),
    language: language === 'en' || language === 'sw' ? language : null,
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : null,
  }
}
