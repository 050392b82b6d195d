// Words of the webhooks of one payment.
import type { Texts } from '../../texts/language.tsx'

type WebhookTexts = {
  title: string
  about: string
  none: string
  noneText: string
  status: Record<string, string>
  endpoint: string
  next: string
  resend: string
  resent: string
  resendFailed: string
  attempts: (count: number) => string
  response: string
  noAnswer: string
  request: string
  requestFailed: string
}

/** The webhooks of one payment. */
export const webhookTexts: Texts<WebhookTexts> = {
  en: {
    title: 'Webhooks',
    about: 'What your server was told, and what it answered.',
    none: 'Nothing was sent to your server',
    noneText: 'A verdict is told to every webhook endpoint. Add one under Webhooks.',
    status: { pending: 'On its way', delivered: 'Delivered', failed: 'Given up', cancelled: 'Cancelled' },
    endpoint: 'Endpoint',
    next: 'Next attempt',
    resend: 'Send again',
    resent: 'It is sent again now.',
    resendFailed: 'It was not sent again',
    attempts: (count) => (count === 1 ? '1 attempt' : `${count} attempts`),
    response: 'What your server answered',
    noAnswer: 'No answer',
    request: 'What was sent',
    requestFailed: 'The request cannot be shown',
  },
  sw: {
    title: 'Webhooks',
    about: 'Seva yako ilichoambiwa, na ilichojibu.',
    none: 'Hakuna kilichotumwa kwa seva yako',
    noneText: 'Kila matokeo hutumwa kwa kila anwani ya webhook. Ongeza moja kwenye ukurasa wa Webhooks.',
    status: { pending: 'Njiani', delivered: 'Imefika', failed: 'Imeachwa', cancelled: 'Imefutwa' },
    endpoint: 'Anwani',
    next: 'Jaribio lijalo',
    resend: 'Tuma tena',
    resent: 'Inatumwa tena sasa.',
    resendFailed: 'Haikutumwa tena',
    attempts: (count) => (count === 1 ? 'Jaribio 1' : `Majaribio ${count}`),
    response: 'Seva yako ilichojibu',
    noAnswer: 'Hakuna jibu',
    request: 'Kilichotumwa',
    requestFailed: 'Ombi haliwezi kuonyeshwa',
  },
}
