// What a mail about an alert says in each language: what happened, and what to do.
import type { Language } from '../merchants/merchant-settings.ts'
import type { AlertKind } from './alert-incident.ts'
import { ENGLISH } from './alert-texts-english.ts'
import { SWAHILI } from './alert-texts-swahili.ts'

/** Facts of one matter, each as a text; '' where it is not known. */
export type Facts = (name: string) => string

/** The texts about one kind of matter. `line` is one matter in a list. */
export type KindTexts = {
  subject(merchant: string, count: number): string
  happened: string
  line(facts: Facts): string
  todo: string
  /** Null for what is never over by itself. */
  over: { subject(merchant: string, count: number): string; happened: string } | null
}

/** The texts of one language. */
export type AlertTexts = {
  kinds: Readonly<Record<AlertKind, KindTexts>>
  /** Stands before the subject of what is about the test side. */
  test: string
  /** When it was first seen. */
  since(time: string): string
  more(count: number): string
  whatToDo: string
  look(url: string): string
  /** Why this mail came, and how to have no more. */
  footer(merchant: string, url: string): string
}

/** The texts by language. */
export const ALERT_TEXTS: Readonly<Record<Language, AlertTexts>> = { en: ENGLISH, sw: SWAHILI }
