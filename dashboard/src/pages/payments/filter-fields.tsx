// The filters of the list of payments, each a field.
import { NativeSelect, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useContext } from 'react'
import { PAYMENT_STATUSES, type PaymentShortcode } from '../../api/payments.ts'
import { useApi, useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { TimeZoneContext } from '../../ui/time.tsx'
import { addDays, dayOf } from './local-day.ts'
import { isAmount, OPEN_STATUSES, type PaymentFilters } from './payment-filters.ts'
import { paymentsTexts } from './texts.ts'
import { useTypedText } from './use-typed-text.ts'

/** Of the highest amount. */
const DIGITS_MAX = 6

type FieldsProps = { filters: PaymentFilters; onChange(filters: Partial<PaymentFilters>): void }

/** Status, period, amount and shortcode. */
export function FilterFields({ filters, onChange }: FieldsProps) {
  const texts = useTexts(paymentsTexts)
  const words = useTexts(uiTexts)
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }} spacing="sm">
      <NativeSelect
        label={texts.status}
        value={filters.status}
        onChange={(event) => onChange({ status: event.currentTarget.value })}
        data={[
          { value: '', label: texts.anyStatus },
          { value: OPEN_STATUSES, label: texts.open },
          ...PAYMENT_STATUSES.map((status) => ({ value: status, label: words.status[status] ?? status })),
        ]}
      />
      <PeriodField filters={filters} onChange={onChange} />
      <DayField
        label={texts.from}
        value={filters.from}
        max={filters.to}
        onDay={(from) => onChange({ from })}
      />
      <DayField label={texts.to} value={filters.to} min={filters.from} onDay={(to) => onChange({ to })} />
      <AmountField label={texts.amountMin} value={filters.min} onAmount={(min) => onChange({ min })} />
      <AmountField label={texts.amountMax} value={filters.max} onAmount={(max) => onChange({ max })} />
      <ShortcodeField filters={filters} onChange={onChange} />
    </SimpleGrid>
  )
}

/** Only its digits count. What no payment can be stays in the field, which says so, and filters nothing. */
function AmountField(props: { label: string; value: string; onAmount(amount: string): void }) {
  const texts = useTexts(paymentsTexts)
  const { label, value, onAmount } = props
  const [text, setText] = useTypedText(value, onAmount)
  return (
    <TextInput
      inputMode="numeric"
      label={label}
      leftSection={<Text size="sm">KES</Text>}
      leftSectionWidth={44}
      value={text}
      error={text === '' || isAmount(text) ? null : texts.amountWrong}
      onChange={(event) => setText(event.currentTarget.value.replace(/\D/g, '').slice(0, DIGITS_MAX))}
    />
  )
}

/** Its text is not the address's while it is typed: a browser begins anew when the value of a day is set. */
function DayField(props: {
  label: string
  value: string
  min?: string
  max?: string
  onDay(day: string): void
}) {
  const { label, value, min = '', max = '', onDay } = props
  const [text, setText] = useTypedText(value, onDay)
  return (
    <TextInput
      type="date"
      label={label}
      value={text}
      min={min || undefined}
      max={max || undefined}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

function PeriodField({ filters, onChange }: FieldsProps) {
  const texts = useTexts(paymentsTexts)
  const today = dayOf(new Date(), useContext(TimeZoneContext))
  const periods = [
    { label: texts.anyTime, from: '', to: '' },
    { label: texts.today, from: today, to: '' },
    { label: texts.yesterday, from: addDays(today, -1), to: addDays(today, -1) },
    { label: texts.week, from: addDays(today, -6), to: '' },
    { label: texts.month, from: addDays(today, -29), to: '' },
  ].map((period) => ({ ...period, value: `${period.from}/${period.to}` }))
  const chosen = `${filters.from}/${filters.to}`
  const isListed = periods.some(({ value }) => value === chosen)
  return (
    <NativeSelect
      label={texts.period}
      value={chosen}
      onChange={(event) => {
        const [from = '', to = ''] = event.currentTarget.value.split('/')
        onChange({ from, to })
      }}
      data={isListed ? periods : [...periods, { label: `${filters.from} – ${filters.to}`, value: chosen }]}
    />
  )
}

/** Shown to those who may see shortcodes, and have more than one. */
function ShortcodeField({ filters, onChange }: FieldsProps) {
  const texts = useTexts(paymentsTexts)
  const api = useApi()
  const { may } = useGround()
  const { data } = useQuery({
    queryKey: api.key('shortcodes', 'choice'),
    queryFn: () => api.get<{ data: PaymentShortcode[] }>('/v1/shortcodes?limit=100'),
    enabled: may('shortcodes'),
  })
  const shortcodes = data?.data ?? []
  if (shortcodes.length < 2 && filters.shortcode === '') return null
  return (
    <NativeSelect
      label={texts.shortcode}
      value={filters.shortcode}
      onChange={(event) => onChange({ shortcode: event.currentTarget.value })}
      data={[
        { value: '', label: texts.anyShortcode },
        ...shortcodes.map(({ id, number, till_number }) => ({ value: id, label: till_number ?? number })),
      ]}
    />
  )
}
