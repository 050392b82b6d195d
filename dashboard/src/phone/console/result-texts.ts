// ResultCodes and Daraja's answers in a few words, for the console.
import type { Language, Texts } from '../../texts/languages.ts'

const RESULTS: Texts<Readonly<Record<string, string>>> = {
  en: {
    '0': 'Paid',
    '1': 'Too little money',
    '2': 'Below the minimum',
    '3': 'Above the maximum',
    '4': 'Over the daily limit',
    '8': "Over the receiver's limit",
    '17': 'Same amount twice within 2 minutes',
    '26': 'System busy',
    '1001': 'Another transaction is in process',
    '1019': 'Expired',
    '1025': 'The prompt could not be sent',
    '1032': 'Cancelled by the customer',
    '1036': 'The phone did not acknowledge',
    '1037': 'No answer from the phone',
    '2001': 'Wrong PIN',
    '2028': 'Wrong transaction type',
    '8006': 'The PIN is locked',
    '9999': 'The prompt could not be sent',
    SFC_IC0003: 'Wrong PartyB',
  },
  sw: {
    '0': 'Imelipwa',
    '1': 'Salio halitoshi',
    '2': 'Chini ya kiwango cha chini',
    '3': 'Juu ya kiwango cha juu',
    '4': 'Imepita kikomo cha siku',
    '8': 'Imepita kikomo cha mpokeaji',
    '17': 'Kiasi kilekile mara mbili ndani ya dakika 2',
    '26': 'Mfumo una shughuli nyingi',
    '1001': 'Malipo mengine yanaendelea',
    '1019': 'Muda umekwisha',
    '1025': 'Ombi halikuweza kutumwa',
    '1032': 'Mteja ameghairi',
    '1036': 'Simu haikuthibitisha',
    '1037': 'Simu haikujibu',
    '2001': 'PIN si sahihi',
    '2028': 'Aina ya malipo si sahihi',
    '8006': 'PIN imefungwa',
    '9999': 'Ombi halikuweza kutumwa',
    SFC_IC0003: 'PartyB si sahihi',
  },
}

const ANSWERS: Texts<Readonly<Record<string, string>>> = {
  en: {
    accepted: 'accepted',
    dropped: 'nothing: the connection was dropped',
    html_502: 'an HTML page, 502',
    html_503: 'an HTML page, 503',
    html_504: 'an HTML page, 504',
    html_403: 'an HTML page, 403',
    fault_502: "Apigee's fault, 502",
    spike_arrest: 'spike arrest',
  },
  sw: {
    accepted: 'imekubaliwa',
    dropped: 'hakuna: muunganisho ulikatika',
    html_502: 'ukurasa wa HTML, 502',
    html_503: 'ukurasa wa HTML, 503',
    html_504: 'ukurasa wa HTML, 504',
    html_403: 'ukurasa wa HTML, 403',
    fault_502: 'hitilafu ya Apigee, 502',
    spike_arrest: 'spike arrest',
  },
}

/** What a ResultCode means; the code itself when it is not known. */
export function resultText(code: string, language: Language): string {
  return RESULTS[language][code] ?? code
}

/** What the push was answered with: a word, or Daraja's errorCode as it is. */
export function answerText(answer: string, language: Language): string {
  return ANSWERS[language][answer] ?? answer
}
