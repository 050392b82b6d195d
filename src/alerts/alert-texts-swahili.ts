// The texts of alerts in Swahili.
import type { AlertTexts, KindTexts } from './alert-texts.ts'

const failures: KindTexts = {
  subject: (merchant) => `${merchant}: malipo mengi ya M-Pesa yanashindikana`,
  happened:
    'Malipo mengi kuliko kawaida yanashindikana, na sababu si za wateja: ni M-Pesa yenyewe, au funguo au ' +
    'mpangilio wa nambari yako ya malipo.',
  line: (facts) =>
    `Malipo ${facts('troubled')} kati ya ${facts('tried')} ya mwisho (${facts('percent')}%) yamepata shida ` +
    `ndani ya dakika ${facts('minutes')}${facts('reasons') === '' ? '' : `, hasa: ${facts('reasons')}`}`,
  todo:
    '- Usimwombe mteja alipe mara ya pili kabla malipo yake ya kwanza hayajaonyesha matokeo.\n' +
    '- Angalia hali ya mtandao kwenye ukurasa wa mwanzo: kama tatizo ni la M-Pesa, litaisha lenyewe; kwa\n' +
    '  sasa pokea pesa taslimu au njia nyingine.\n' +
    '- Kama sababu ni mpangilio au ombi kukataliwa, kagua funguo za nambari yako ya malipo.',
  over: {
    subject: (merchant) => `${merchant}: malipo ya M-Pesa yanapita tena`,
    happened: 'Malipo yanapita tena kama kawaida. Yale yasiyo na matokeo yanaendelea kufuatiliwa yenyewe.',
  },
}

const endpointDisabled: KindTexts = {
  subject: (merchant, count) =>
    count === 1 ? `${merchant}: webhook imezimwa` : `${merchant}: webhook ${count} zimezimwa`,
  happened:
    'Mfumo wako haupokei tena taarifa za malipo: taarifa zilikataliwa kabisa, au zimeshindikana kwa siku ' +
    'kadhaa mfululizo. Hakuna malipo yaliyopotea; mfumo wako tu ndio haujulishwi.',
  line: (facts) =>
    `${facts('url')} (${facts('reason') === 'gone' ? 'ilijibu 410 Gone' : 'siku tano za kushindikana'})`,
  todo:
    '- Mjulishe anayehudumia mfumo wa duka lako. Majibu ya mwisho yako chini ya Webhooks.\n' +
    '- Ukifanya kazi tena, washa webhook hiyo na uchague kutuma upya taarifa zilizokosekana.\n' +
    '- Kwa sasa, hakikisha malipo kwenye dashibodi kabla ya kutoa bidhaa.',
  over: {
    subject: (merchant, count) =>
      count === 1 ? `${merchant}: webhook imewashwa tena` : `${merchant}: webhook ${count} zimewashwa tena`,
    happened:
      'Mfumo wako unapokea tena taarifa za malipo. Tuma upya taarifa zilizokosekana, kama bado ' +
      'hujafanya hivyo.',
  },
}

const contradiction: KindTexts = {
  subject: (merchant, count) =>
    count === 1
      ? `${merchant}: M-Pesa imesema mambo mawili kuhusu malipo`
      : `${merchant}: M-Pesa imesema mambo mawili kuhusu malipo ${count}`,
  happened:
    'Malipo yaliyokuwa na matokeo yamepata matokeo mengine tofauti kutoka M-Pesa. Hapa hakuna ' +
    'kilichobadilishwa: matokeo ya kwanza yanabaki, na mengine yamehifadhiwa pamoja nayo.',
  line: (facts) =>
    `KES ${facts('amount')}, rejea ${facts('reference')}: yanaonyeshwa kama ${facts('state')}` +
    `${facts('receipt') === '' ? '' : `, risiti ${facts('receipt')}`}`,
  todo:
    '- Tafuta malipo hayo kwenye tovuti ya M-Pesa ya biashara yako, kwa risiti au kwa kiasi na saa.\n' +
    '- Kinachoonyeshwa kwenye tovuti hiyo ndicho sahihi. Kikitofautiana na dashibodi, waandikie huduma ya\n' +
    '  M-Pesa kwa biashara ya Safaricom ukiwa na yote mawili, na umalizane na mteja kwa kufuata tovuti hiyo.',
  over: null,
}

const credentials: KindTexts = {
  subject: (merchant, count) =>
    count === 1
      ? `${merchant}: M-Pesa inakataa funguo za nambari ya malipo`
      : `${merchant}: M-Pesa inakataa funguo za nambari ${count} za malipo`,
  happened:
    'Safaricom haikubali tena consumer key na consumer secret. Hakuna malipo yanayoweza kuombwa kwa funguo ' +
    'hizo hadi zirekebishwe.',
  line: (facts) =>
    `${facts('number')}${facts('detail') === '' ? '' : ` (M-Pesa ilisema: ${facts('detail')})`}`,
  todo:
    '- Ingia kwenye tovuti ya Daraja, fungua app ya nambari hii, na uangalie kama bado inatumika na kama\n' +
    '  funguo zake ni zile ulizoweka.\n' +
    '- Weka funguo sahihi chini ya Shortcodes; zitakaguliwa papo hapo.\n' +
    '- Kama hakuna kilichobadilishwa, huenda tatizo ni la Safaricom: tunajaribu tena wenyewe, na\n' +
    '  utajulishwa.',
  over: {
    subject: (merchant, count) =>
      count === 1
        ? `${merchant}: M-Pesa inakubali tena funguo za nambari ya malipo`
        : `${merchant}: M-Pesa inakubali tena funguo za nambari ${count} za malipo`,
    happened: 'Safaricom inakubali tena consumer key na consumer secret, na malipo yanaweza kuombwa.',
  },
}

/** The texts. */
export const SWAHILI: AlertTexts = {
  kinds: { failures, endpoint_disabled: endpointDisabled, contradiction, credentials },
  test: '[Majaribio] ',
  since: (time) => `ilionekana kwanza ${time}`,
  more: (count) => `… na mengine ${count}`,
  whatToDo: 'La kufanya',
  look: (url) => `Tazama: ${url}`,
  footer: (merchant, url) =>
    `Umepata barua pepe hii kwa sababu imeombwa kwenye mipangilio ya ${merchant}. Ibadilishe hapa: ${url}`,
}
