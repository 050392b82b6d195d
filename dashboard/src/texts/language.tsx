// English and Swahili: which one is read, and how a page's own texts are picked.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { keep, readKept } from '../kept.ts'
import type { Language, Texts } from './languages.ts'

export type { Language, Texts } from './languages.ts'

type LanguageChoice = { language: Language; setLanguage(language: Language): void }

const STORED_AS = 'sukuma.language'
const LanguageContext = createContext<LanguageChoice>({ language: 'en', setLanguage: () => undefined })

/** Gives `children` the language that was chosen last, else the browser's. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language
    keep(STORED_AS, language)
  }, [language])
  const choice = useMemo(() => ({ language, setLanguage }), [language])
  return <LanguageContext value={choice}>{children}</LanguageContext>
}

/** The chosen language, and how it is changed. */
export const useLanguage = (): LanguageChoice => useContext(LanguageContext)

/** `texts` in the chosen language. */
export function useTexts<T>(texts: Texts<T>): T {
  return texts[useLanguage().language]
}

/** What `Intl` calls a language as it is spoken in Kenya. */
export const localeOf = (language: Language): string => `${language}-KE`

function firstLanguage(): Language {
  const stored = readKept(STORED_AS)
  if (stored === 'en' || stored === 'sw') return stored
  return navigator.language.startsWith('sw') ? 'sw' : 'en'
}
