// Words of the audit log.
import type { Texts } from '../../texts/language.tsx'

type AuditTexts = {
  title: string
  about: string
  what: string
  anything: string
  who: string
  anybody: string
  from: string
  until: string
  clear: string
  cli: string
  system: string
  key(name: string): string
  test: string
  live: string
  changed: string
  nothing: string
  more: string
  less: string
  before: string
  after: string
  ip: string
  device: string
  number: string
  hash: string
  older: string
  atEnd: string
  empty: string
  emptyText: string
  emptyFiltered: string
  emptyFilteredText: string
  verify: string
  verifyText: string
  verifyCommand: string
  entries: string
}

export const auditTexts: Texts<AuditTexts> = {
  en: {
    title: 'Audit log',
    about: 'Who did what, from where. Entries are only ever added.',
    what: 'What',
    anything: 'Anything',
    who: 'Who',
    anybody: 'Anybody',
    from: 'From',
    until: 'Until',
    clear: 'Clear the filters',
    cli: 'Command line of the machine',
    system: 'The gateway itself',
    key: (name) => `API key ${name}`,
    test: 'Test',
    live: 'Live',
    changed: 'What changed',
    nothing: 'nothing',
    more: 'Details',
    less: 'Less',
    before: 'from',
    after: 'to',
    ip: 'Address',
    device: 'Device',
    number: 'Entry',
    hash: 'Hash',
    older: 'Show older ones',
    atEnd: 'That is everything.',
    empty: 'Nothing has been done yet',
    emptyText: 'Keys, webhooks, shortcodes, sign-ins and changes of the team are written down here.',
    emptyFiltered: 'Nothing fits these filters',
    emptyFilteredText: 'Widen the time, or take a filter away.',
    verify: 'How do I know that nothing was taken out?',
    verifyText:
      'Each entry holds a hash of itself and of the one before. On the machine of the gateway, this ' +
      'command checks the whole chain and prints an anchor: keep it elsewhere, and later checks prove ' +
      'that nothing before it was written anew.',
    verifyCommand: 'Command that checks the log',
    entries: 'Entries of the audit log',
  },
  sw: {
    title: 'Kumbukumbu',
    about: 'Nani alifanya nini, kutoka wapi. Kumbukumbu huongezwa tu, hazifutwi.',
    what: 'Nini',
    anything: 'Chochote',
    who: 'Nani',
    anybody: 'Yeyote',
    from: 'Kuanzia',
    until: 'Hadi',
    clear: 'Ondoa vichujio',
    cli: 'Amri kwenye mashine',
    system: 'Mfumo wenyewe',
    key: (name) => `Ufunguo wa API ${name}`,
    test: 'Majaribio',
    live: 'Halisi',
    changed: 'Kilichobadilika',
    nothing: 'hakuna',
    more: 'Maelezo',
    less: 'Punguza',
    before: 'kutoka',
    after: 'kuwa',
    ip: 'Anwani',
    device: 'Kifaa',
    number: 'Namba',
    hash: 'Hash',
    older: 'Onyesha za zamani zaidi',
    atEnd: 'Hizo ndizo zote.',
    empty: 'Bado hakuna kilichofanywa',
    emptyText: 'Funguo, webhooks, paybill na till, kuingia na mabadiliko ya timu huandikwa hapa.',
    emptyFiltered: 'Hakuna kinacholingana na vichujio hivi',
    emptyFilteredText: 'Ongeza muda, au ondoa kichujio kimoja.',
    verify: 'Nitajuaje kwamba hakuna kilichoondolewa?',
    verifyText:
      'Kila kumbukumbu ina hash yake na ya ile iliyotangulia. Kwenye mashine ya mfumo, amri hii ' +
      'hukagua mnyororo wote na kuchapisha nanga: ihifadhi mahali pengine, na ukaguzi wa baadaye ' +
      'utathibitisha kuwa hakuna kilichoandikwa upya kabla yake.',
    verifyCommand: 'Amri ya kukagua kumbukumbu',
    entries: 'Kumbukumbu',
  },
}
