// Whole Kenyan shillings as people write them.
import { Text, type TextProps } from '@mantine/core'
import { type Language, localeOf, useLanguage } from '../texts/language.tsx'

/** `amountKes` as "KES 1,250". */
export function moneyText(amountKes: number, language: Language): string {
  return `KES ${new Intl.NumberFormat(localeOf(language)).format(amountKes)}`
}

/** An amount, in figures that line up. */
export function Money({ amountKes, ...rest }: { amountKes: number } & TextProps) {
  const { language } = useLanguage()
  return (
    <Text span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }} {...rest}>
      {moneyText(amountKes, language)}
    </Text>
  )
}
