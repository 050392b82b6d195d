// What each test number does, by its behaviour and its last four digits.
import type { Texts } from '../../texts/languages.ts'

/** `254700011032` as `1 1032`. */
export function testNumberKey(number: string): string {
  return `${number.slice(7, 8)} ${number.slice(8)}`
}

export const testNumberTexts: Texts<Readonly<Record<string, string>>> = {
  en: {
    '0 0000': 'Pays after about 3 s.',
    '0 1032': 'Cancels (1032). Any ResultCode may take the place of the last four digits.',
    '0 0001': 'Has too little money (1).',
    '0 2001': 'Enters a wrong PIN (2001).',
    '0 1037': 'Does not answer (1037), after about 3 s.',
    '0 8006': 'Has a locked PIN (8006).',
    '0 0004': 'Would go over the daily limit (4).',
    '1 0000': 'Pays, and the callback is lost: only a query finds out.',
    '2 0000': 'Pays, and the callback comes three times.',
    '3 0000': "Pays, and the callback comes before the push's own answer.",
    '4 0000': 'Pays, and the callback comes 3 minutes late.',
    '5 0000': 'Pays, but the connection drops before the push is answered.',
    '6 0000': 'Pays, although the push was answered with 500.003.1001.',
    '7 1001': 'Refused: the subscriber is locked by another transaction.',
    '7 0002': 'Refused: invalid amount.',
    '7 0302': 'Refused: the system is busy.',
    '7 0303': 'Refused at the edge: spike arrest.',
    '7 0503': 'Answered with an HTML error page, 503.',
    '8 0000': 'Pays without a callback; queries say 4999 for a minute, and then fail now and then.',
    '9 0000': 'Nobody answers: 1037 after 60 s.',
  },
  sw: {
    '0 0000': 'Inalipa baada ya sekunde 3 hivi.',
    '0 1032': 'Inaghairi (1032). ResultCode yoyote inaweza kuwa tarakimu nne za mwisho.',
    '0 0001': 'Salio halitoshi (1).',
    '0 2001': 'Inaweka PIN isiyo sahihi (2001).',
    '0 1037': 'Haijibu (1037), baada ya sekunde 3 hivi.',
    '0 8006': 'PIN yake imefungwa (8006).',
    '0 0004': 'Ingepita kikomo cha siku (4).',
    '1 0000': 'Inalipa, lakini callback inapotea: ni kuuliza tu kutakakojua.',
    '2 0000': 'Inalipa, na callback inakuja mara tatu.',
    '3 0000': 'Inalipa, na callback inakuja kabla ya jibu la ombi lenyewe.',
    '4 0000': 'Inalipa, na callback inachelewa dakika 3.',
    '5 0000': 'Inalipa, lakini muunganisho unakatika kabla ombi halijajibiwa.',
    '6 0000': 'Inalipa, ingawa ombi lilijibiwa 500.003.1001.',
    '7 1001': 'Inakataliwa: malipo mengine ya mteja yanaendelea.',
    '7 0002': 'Inakataliwa: kiasi si sahihi.',
    '7 0302': 'Inakataliwa: mfumo una shughuli nyingi.',
    '7 0303': 'Inakataliwa mlangoni: spike arrest.',
    '7 0503': 'Inajibiwa ukurasa wa HTML wa hitilafu, 503.',
    '8 0000':
      'Inalipa bila callback; maswali yanajibiwa 4999 kwa dakika moja, kisha hushindwa mara kwa mara.',
    '9 0000': 'Hakuna anayejibu: 1037 baada ya sekunde 60.',
  },
}
