// The texts of alerts in English.
import type { AlertTexts, Facts, KindTexts } from './alert-texts.ts'

const some = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`)

const failures: KindTexts = {
  subject: (merchant) => `${merchant}: many M-Pesa payments are failing`,
  happened:
    'An unusual share of payments fails for reasons that are not the customers’ own: M-Pesa, the ' +
    'credentials or the set-up of your shortcode.',
  line: (facts: Facts) =>
    `${facts('troubled')} of the last ${facts('tried')} payments (${facts('percent')}%) had trouble within ` +
    `${facts('minutes')} minutes${facts('reasons') === '' ? '' : `, most of all: ${facts('reasons')}`}`,
  todo:
    '- Do not ask a customer to pay twice before their first payment shows a result.\n' +
    '- Look at the network’s health on the overview: when M-Pesa itself is down, it passes by itself;\n' +
    '  take cash or another way meanwhile.\n' +
    '- When the reason is a set-up error or rejected, check the shortcode’s credentials.',
  over: {
    subject: (merchant) => `${merchant}: M-Pesa payments go through again`,
    happened: 'Payments go through again as usual. What had no verdict is still being settled by itself.',
  },
}

const endpointDisabled: KindTexts = {
  subject: (merchant, count) =>
    `${merchant}: ${some(count, 'a webhook endpoint was', 'webhook endpoints were')} switched off`,
  happened:
    'Your system is no longer told of payments: what is sent there was refused for good, or nothing but ' +
    'failed for days. No payment is lost; your system just does not hear of it.',
  line: (facts) =>
    `${facts('url')} (${facts('reason') === 'gone' ? 'it answered 410 Gone' : 'five days of failures'})`,
  todo:
    '- Tell whoever looks after your shop’s system. They find the last answers under Webhooks.\n' +
    '- When it works again, switch the endpoint on and choose to replay what was missed.\n' +
    '- Until then check payments in the dashboard before you hand out goods.',
  over: {
    subject: (merchant, count) =>
      `${merchant}: ${some(count, 'a webhook endpoint is', 'webhook endpoints are')} on again`,
    happened: 'Your system is told of payments again. Replay what was missed, if that was not done yet.',
  },
}

const contradiction: KindTexts = {
  subject: (merchant, count) =>
    `${merchant}: M-Pesa says two things of ${some(count, 'a payment', 'payments')}`,
  happened:
    'For a payment that had its result, M-Pesa sent another one that says otherwise. Nothing was changed ' +
    'here: the first result stands, and the other is kept beside it.',
  line: (facts) =>
    `KES ${facts('amount')}, reference ${facts('reference')}: shown as ${facts('state')}` +
    `${facts('receipt') === '' ? '' : `, receipt ${facts('receipt')}`}`,
  todo:
    '- Look for the payment in your M-Pesa organisation portal, by its receipt or the amount and time.\n' +
    '- What the portal shows is right. If it differs from the dashboard, write to Safaricom’s M-Pesa\n' +
    '  business support with both, and settle it with the customer by what the portal shows.',
  over: null,
}

const credentials: KindTexts = {
  subject: (merchant, count) =>
    `${merchant}: M-Pesa refuses the credentials of ${some(count, 'a shortcode', 'shortcodes')}`,
  happened:
    'Safaricom does not accept the consumer key and secret any more. No payment can be asked for with them ' +
    'until that is mended.',
  line: (facts) => `${facts('number')}${facts('detail') === '' ? '' : ` (M-Pesa said: ${facts('detail')})`}`,
  todo:
    '- Sign in to the Daraja portal, open the app of this shortcode, and see whether it is active and\n' +
    '  its keys are the ones that you entered.\n' +
    '- Enter the right ones under Shortcodes; they are checked on the spot.\n' +
    '- If nothing was changed, Safaricom may be at fault: it is tried again by itself, and you are told.',
  over: {
    subject: (merchant, count) =>
      `${merchant}: M-Pesa accepts the credentials of ${some(count, 'a shortcode', 'shortcodes')} again`,
    happened: 'Safaricom accepts the consumer key and secret again, and payments can be asked for.',
  },
}

/** The texts. */
export const ENGLISH: AlertTexts = {
  kinds: { failures, endpoint_disabled: endpointDisabled, contradiction, credentials },
  test: '[Test] ',
  since: (time) => `first seen ${time}`,
  more: (count) => `… and ${count} more`,
  whatToDo: 'What to do',
  look: (url) => `See: ${url}`,
  footer: (merchant, url) =>
    `You get this mail because it is asked for in the settings of ${merchant}. Change that under ${url}`,
}
