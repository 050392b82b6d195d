// Words around asking M-Pesa about one payment.
import type { Texts } from '../../texts/language.tsx'

type AskTexts = {
  act: string
  again: (seconds: number) => string
  verdict: string
  open: string
  paidWhileOpen: string
  failed: string
  reasons: Record<string, string>
  tryAt: string
}

/** Asking M-Pesa now. */
export const askTexts: Texts<AskTexts> = {
  en: {
    act: 'Ask M-Pesa now',
    again: (seconds) => `Can be asked again in ${seconds} s`,
    verdict: 'M-Pesa answered, and the payment is settled.',
    open: 'M-Pesa answered, but does not say yet how it ended.',
    paidWhileOpen:
      'M-Pesa says that it was paid, but the prompt may still be open on the phone. Do not hand out the ' +
      'goods yet: M-Pesa is asked again when the prompt’s time is over.',
    failed: 'M-Pesa could not be asked',
    reasons: {
      settled: 'It is settled already: there is nothing to ask.',
      not_sent: 'It has not been sent to M-Pesa yet, so M-Pesa knows nothing of it.',
      no_request_id:
        'M-Pesa never gave an id for it, so it cannot be asked. Its statement or a callback will tell.',
      too_early: 'The customer may still be entering the PIN. M-Pesa cannot say anything yet.',
      asked_lately: 'M-Pesa was asked about it a moment ago.',
      being_asked: 'M-Pesa is being asked about it at this moment.',
      budget: 'M-Pesa allows only so many questions a minute, and those are used up.',
      no_credentials: 'M-Pesa refuses the keys of this paybill or till. Check them under Shortcodes.',
    },
    tryAt: 'It can be asked from',
  },
  sw: {
    act: 'Uliza M-Pesa sasa',
    again: (seconds) => `Inaweza kuulizwa tena baada ya sekunde ${seconds}`,
    verdict: 'M-Pesa imejibu, na malipo yamekamilika.',
    open: 'M-Pesa imejibu, lakini bado haisemi ilivyoisha.',
    paidWhileOpen:
      'M-Pesa inasema yamelipwa, lakini huenda ombi bado liko wazi kwenye simu. Usitoe bidhaa bado: ' +
      'M-Pesa itaulizwa tena muda wa ombi utakapoisha.',
    failed: 'M-Pesa haikuweza kuulizwa',
    reasons: {
      settled: 'Tayari yamekamilika: hakuna cha kuuliza.',
      not_sent: 'Bado hayajatumwa kwa M-Pesa, kwa hiyo M-Pesa haiyajui.',
      no_request_id:
        'M-Pesa haikutoa kitambulisho chake, kwa hiyo haiwezi kuulizwa. Taarifa ya akaunti au ' +
        'ujumbe wake utasema.',
      too_early: 'Huenda mteja bado anaweka PIN. M-Pesa bado haiwezi kusema chochote.',
      asked_lately: 'M-Pesa imeulizwa kuhusu hili sasa hivi.',
      being_asked: 'M-Pesa inaulizwa kuhusu hili wakati huu.',
      budget: 'M-Pesa inaruhusu maswali machache tu kwa dakika, na yameisha.',
      no_credentials:
        'M-Pesa inakataa funguo za paybill au till hii. Zikague kwenye ukurasa wa Paybill na till.',
    },
    tryAt: 'Inaweza kuulizwa kuanzia',
  },
}
