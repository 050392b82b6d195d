// The languages, for modules without components: these can be read and tested without a browser.

/** The languages that everything is written in. */
export type Language = 'en' | 'sw'

/** One text, or one group of texts, in both languages. */
export type Texts<T> = Readonly<Record<Language, T>>
