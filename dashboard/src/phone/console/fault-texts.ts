// What each switch does, in both languages.
import type { Texts } from '../../texts/languages.ts'

type FaultText = { label: string; about: string }

const en: Record<string, FaultText> = {
  spikeArrest: { label: 'Spike arrest', about: 'Refused at the edge for its rate; no prompt comes.' },
  systemBusy: { label: 'System busy', about: 'Refused with 500.003.02; no prompt comes.' },
  htmlError: { label: 'HTML error page', about: 'Answered with a page of the edge; no prompt comes.' },
  internalErrorUnprompted: {
    label: 'Internal error, no prompt',
    about: 'Answered with 500.003.1001; no prompt comes.',
  },
  htmlErrorPrompted: {
    label: 'HTML error page, prompt all the same',
    about: 'Answered with a page of the edge, and the customer is asked nevertheless.',
  },
  internalErrorPrompted: {
    label: 'Internal error, prompt all the same',
    about: 'Answered with 500.003.1001, and the customer is asked nevertheless.',
  },
  droppedResponse: {
    label: 'Dropped answer',
    about: 'Accepted, but the connection breaks before the answer arrives.',
  },
  lostCallback: { label: 'Lost', about: 'The callback never comes; a query knows.' },
  doubleCallback: { label: 'Twice', about: 'The callback comes twice.' },
  earlyCallback: { label: 'Early', about: "The callback comes before the push's own answer." },
  lateCallback: { label: 'Late', about: 'The callback comes long after the payment ended.' },
  declined: { label: 'Decline', about: 'Cancel, lack money, enter a wrong PIN, or do not answer.' },
  flakyQuery: { label: 'Fail', about: 'Queries for finished payments answered with 500.001.1001.' },
  queryRateLimit: { label: 'Limited', about: 'Queries are limited for each app, as in the sandbox.' },
  queriesPerMinute: { label: 'Queries a minute', about: 'What the limit allows.' },
  queryBurst: { label: 'At once', about: 'Queries that may come together after a pause.' },
  callbackDelayMs: { label: 'Customer answers after', about: 'Give or take a fifth.' },
  lateCallbackDelayMs: { label: 'Late callbacks come after', about: 'Counted from the end of the payment.' },
  promptLifeMs: { label: 'A prompt stays up for', about: 'Then nobody has answered.' },
  pushDelayMs: { label: 'Pushes are answered after', about: 'A slow Daraja.' },
  queryDelayMs: { label: 'Queries are answered after', about: 'A slow Daraja.' },
  queryTooEarlyMs: {
    label: 'Too early for a query',
    about: 'Younger payments are answered with 400.002.02.',
  },
  queryInFlight: { label: 'A payment in flight is', about: 'ResultCode 4999, or an error 500.001.1001.' },
  queryPaidWhileOpen: { label: 'Paid while open', about: 'A query says 0 while the prompt is still up.' },
  callbackCopies: { label: 'Copies of every callback', about: 'Up to four have been seen.' },
  callbackPhone: { label: 'Phone in the callback', about: 'In full, masked, or left out.' },
  balance: { label: 'Balance in the callback', about: 'An item without a value, or no item.' },
  oldResultDesc: { label: 'Old texts', about: '[STK_CB - ] before the text of a failure, as in 2017.' },
  idForm: { label: 'Form of the ids', about: 'As they are since 2024, or as they were.' },
  htmlErrorForm: {
    label: 'Form of an HTML error page',
    about: "A page of 502 to 504, the firewall's of 403, or Apigee's fault with 502.",
  },
  spikeArrestForm: {
    label: 'Form of a spike arrest',
    about: "The edge's fault with 429, 500.003.03, or 500.003.02 as of a busy system.",
  },
  expiresIn: { label: 'Type of expires_in', about: 'A string, or a number.' },
  busyStatus: {
    label: 'Status of a busy phone or system',
    about: 'The HTTP status of "Unable to lock subscriber" and "System is busy".',
  },
  strictTimestamp: {
    label: 'East Africa Time only',
    about: 'A Timestamp of another hour, as one in UTC, is refused.',
  },
  promptTimeout: {
    label: 'A prompt that nobody answered is',
    about: '1037, or 1032 as if it had been cancelled. A phone that is off is 1037.',
  },
  wrongCredentials: { label: 'Wrong credentials are', about: '400 or 401, with or without a body.' },
  invalidToken: { label: 'A token that has ended is', about: '404 (404.001.03), or 401 (401.003.01).' },
  tokenLifetimeSeconds: { label: 'A token lives for', about: 'Seconds, whatever the speed.' },
  newTokenInvalidatesOld: { label: 'One token at a time', about: 'A new token ends the one before it.' },
}

const sw: Record<string, FaultText> = {
  spikeArrest: { label: 'Spike arrest', about: 'Linakataliwa mlangoni kwa wingi; mteja haulizwi.' },
  systemBusy: { label: 'Mfumo una shughuli', about: 'Linakataliwa kwa 500.003.02; mteja haulizwi.' },
  htmlError: { label: 'Ukurasa wa HTML', about: 'Linajibiwa ukurasa wa mlangoni; mteja haulizwi.' },
  internalErrorUnprompted: {
    label: 'Hitilafu ya ndani, bila ombi',
    about: 'Linajibiwa 500.003.1001; mteja haulizwi.',
  },
  htmlErrorPrompted: {
    label: 'Ukurasa wa HTML, ombi lipo',
    about: 'Linajibiwa ukurasa wa mlangoni, lakini mteja anaulizwa.',
  },
  internalErrorPrompted: {
    label: 'Hitilafu ya ndani, ombi lipo',
    about: 'Linajibiwa 500.003.1001, lakini mteja anaulizwa.',
  },
  droppedResponse: {
    label: 'Jibu linapotea',
    about: 'Linakubaliwa, lakini muunganisho unakatika kabla ya jibu.',
  },
  lostCallback: { label: 'Inapotea', about: 'Callback haiji kamwe; kuuliza kunajua.' },
  doubleCallback: { label: 'Mara mbili', about: 'Callback inakuja mara mbili.' },
  earlyCallback: { label: 'Mapema', about: 'Callback inakuja kabla ya jibu la ombi.' },
  lateCallback: { label: 'Imechelewa', about: 'Callback inakuja muda mrefu baada ya malipo kuisha.' },
  declined: { label: 'Hawalipi', about: 'Wanaghairi, hawana salio, wanakosea PIN, au hawajibu.' },
  flakyQuery: { label: 'Yanashindwa', about: 'Maswali ya malipo yaliyoisha yanajibiwa 500.001.1001.' },
  queryRateLimit: { label: 'Yana kikomo', about: 'Maswali yana kikomo kwa kila programu, kama sandbox.' },
  queriesPerMinute: { label: 'Maswali kwa dakika', about: 'Kikomo kinachoruhusiwa.' },
  queryBurst: { label: 'Kwa pamoja', about: 'Maswali yanayoweza kuja pamoja baada ya kimya.' },
  callbackDelayMs: { label: 'Mteja hujibu baada ya', about: 'Zaidi au pungufu kwa moja ya tano.' },
  lateCallbackDelayMs: { label: 'Callback za kuchelewa', about: 'Huhesabiwa kuanzia mwisho wa malipo.' },
  promptLifeMs: { label: 'Ombi hukaa kwa', about: 'Kisha hakuna aliyejibu.' },
  pushDelayMs: { label: 'Maombi hujibiwa baada ya', about: 'Daraja iliyo polepole.' },
  queryDelayMs: { label: 'Maswali hujibiwa baada ya', about: 'Daraja iliyo polepole.' },
  queryTooEarlyMs: { label: 'Mapema mno kuuliza', about: 'Malipo machanga zaidi hujibiwa 400.002.02.' },
  queryInFlight: { label: 'Malipo yanayoendelea ni', about: 'ResultCode 4999, au hitilafu 500.001.1001.' },
  queryPaidWhileOpen: { label: 'Imelipwa kabla', about: 'Swali linajibiwa 0 ombi likiwa bado lipo.' },
  callbackCopies: { label: 'Nakala za callback', about: 'Hadi nne zimewahi kuonekana.' },
  callbackPhone: { label: 'Simu kwenye callback', about: 'Kamili, iliyofichwa, au haipo.' },
  balance: { label: 'Salio kwenye callback', about: 'Bila thamani, au halipo kabisa.' },
  oldResultDesc: { label: 'Maneno ya zamani', about: '[STK_CB - ] kabla ya maneno ya kushindwa, kama 2017.' },
  idForm: { label: 'Muundo wa vitambulisho', about: 'Wa tangu 2024, au wa zamani.' },
  htmlErrorForm: {
    label: 'Muundo wa ukurasa wa HTML',
    about: 'Ukurasa wa 502 hadi 504, wa kizuizi wa 403, au hitilafu ya Apigee ya 502.',
  },
  spikeArrestForm: {
    label: 'Muundo wa spike arrest',
    about: 'Hitilafu ya mlangoni, 429; 500.003.03; au 500.003.02 kama mfumo wenye shughuli.',
  },
  expiresIn: { label: 'Aina ya expires_in', about: 'Maandishi, au nambari.' },
  busyStatus: {
    label: 'Hali ya simu au mfumo wenye shughuli',
    about: 'Hali ya HTTP ya "Unable to lock subscriber" na "System is busy".',
  },
  strictTimestamp: {
    label: 'Saa ya Afrika Mashariki tu',
    about: 'Timestamp ya saa nyingine, kama ya UTC, inakataliwa.',
  },
  promptTimeout: {
    label: 'Ombi ambalo halikujibiwa ni',
    about: '1037, au 1032 kana kwamba limeghairiwa. Simu iliyozimwa ni 1037.',
  },
  wrongCredentials: { label: 'Vitambulisho vibaya ni', about: '400 au 401, pamoja na maneno au bila.' },
  invalidToken: { label: 'Tokeni iliyoisha ni', about: '404 (404.001.03), au 401 (401.003.01).' },
  tokenLifetimeSeconds: { label: 'Tokeni huishi kwa', about: 'Sekunde, kasi yoyote ile.' },
  newTokenInvalidatesOld: { label: 'Tokeni moja kwa wakati', about: 'Tokeni mpya humaliza ya kabla yake.' },
}

export const faultTexts: Texts<Record<string, FaultText>> = { en, sw }
