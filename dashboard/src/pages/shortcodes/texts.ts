// Words of the paybills and tills.
import type { Texts } from '../../texts/language.tsx'

const en = {
  title: 'Shortcodes',
  about: 'The paybills and tills that you are paid through, and whether Daraja takes their credentials.',
  add: 'Add paybill or till',
  none: 'No shortcode yet',
  noneText:
    'Add your paybill or till with the keys that Safaricom gave you: every step is checked on the spot.',
  store: 'Store number',
  till: 'Till',
  credentials: {
    accepted: 'Credentials accepted',
    refused: 'Credentials refused',
    unproven: 'Not checked yet',
  },
  disabled: 'Off',
  checked: 'Last accepted',
}

/** The list of shortcodes. */
export const shortcodesTexts: Texts<typeof en> = {
  en,
  sw: {
    title: 'Paybill na till',
    about: 'Paybill na till unazolipwa kupitia, na kama Daraja inakubali vitambulisho vyake.',
    add: 'Ongeza paybill au till',
    none: 'Bado hakuna paybill wala till',
    noneText:
      'Ongeza paybill au till yako kwa funguo ulizopewa na Safaricom: kila hatua inakaguliwa papo hapo.',
    store: 'Nambari ya duka (store)',
    till: 'Till',
    credentials: {
      accepted: 'Vitambulisho vimekubaliwa',
      refused: 'Vitambulisho vimekataliwa',
      unproven: 'Bado havijakaguliwa',
    },
    disabled: 'Imezimwa',
    checked: 'Vilikubaliwa mwisho',
  },
}
