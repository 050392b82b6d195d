// What M-Pesa's codes are called. The gateway says it in English; here it is said in Swahili as well.
import type { Language } from '../texts/language.tsx'

const SWAHILI: Readonly<Record<string, string>> = {
  '0': 'Imelipwa',
  '1': 'Salio halitoshi',
  '2': 'Kiasi ni kidogo mno',
  '3': 'Kiasi ni kikubwa mno',
  '4': 'Kikomo cha siku kimefikiwa',
  '8': 'Akaunti ya biashara imejaa',
  '17': 'Imerudiwa mapema mno',
  '26': 'M-Pesa ina shughuli nyingi',
  '1001': 'Mteja ana muamala mwingine',
  '1019': 'Muda umeisha',
  '1025': 'Ombi halikutumwa',
  '9999': 'Ombi halikutumwa',
  '1032': 'Mteja ameghairi',
  '1036': 'Simu haikupatikana',
  '1037': 'Simu haikujibu',
  '2001': 'PIN si sahihi',
  '2028': 'Mpangilio wa biashara una kosa',
  '8006': 'PIN imefungwa',
  customer_busy: 'Mteja ana muamala mwingine',
  not_on_statement: 'Haijalipwa',
  not_sent: 'Haikutumwa',
}

/** The name of a result's code, in `language`. */
export function resultLabel(result: { code: string; label: string }, language: Language): string {
  if (language === 'en') return result.label
  return SWAHILI[result.code] ?? (result.label === 'Rejected' ? 'Limekataliwa' : result.label)
}
