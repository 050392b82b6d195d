// Words that the pages for developers share.
import type { Texts } from '../texts/language.tsx'

const en = {
  once: 'Shown this once',
  onceText: 'Copy it now and keep it where your server reads its settings. It cannot be shown again here.',
  kept: 'I have kept it',
  close: 'Close',
  save: 'Save',
  back: 'Back',
  next: 'Next',
  never: 'Never',
  ended: 'ended',
  days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
  hours: (n: number) => (n === 1 ? '1 hour' : `${n} hours`),
  language: 'Language of the sample',
  atOnce: 'At once',
  overlap: 'The former one goes on working for',
  environments: { simulator: 'Simulator', sandbox: 'Safaricom sandbox', production: 'Production' },
  kinds: { paybill: 'Paybill', till: 'Till' },
  showTyped: 'Show what is typed',
}

/** What a secret, a countdown and an overlap are called. */
export const developerTexts: Texts<typeof en> = {
  en,
  sw: {
    once: 'Inaonyeshwa mara hii moja tu',
    onceText: 'Inakili sasa na uiweke mahali seva yako inaposoma mipangilio. Haitaonyeshwa tena hapa.',
    kept: 'Nimeihifadhi',
    close: 'Funga',
    save: 'Hifadhi',
    back: 'Rudi',
    next: 'Endelea',
    never: 'Kamwe',
    ended: 'umeisha',
    days: (n) => `siku ${n}`,
    hours: (n) => `saa ${n}`,
    language: 'Lugha ya mfano',
    atOnce: 'Mara moja',
    overlap: 'Ya zamani itaendelea kufanya kazi kwa',
    environments: { simulator: 'Majaribio', sandbox: 'Sandbox ya Safaricom', production: 'Halisi' },
    kinds: { paybill: 'Paybill', till: 'Till' },
    showTyped: 'Onyesha yaliyoandikwa',
  },
}
