// The form of a payment: who pays, how much, and for what.
import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { PaymentShortcode } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { normalisePhone, phoneText } from '../../ui/phone-number.ts'
import { ErrorState } from '../../ui/states.tsx'
import { TestNumbers } from './test-numbers.tsx'
import { newPaymentTexts } from './texts.ts'
import type { PaymentOrder } from './use-send-payment.ts'

const AMOUNT_MAX = 250_000
const REFERENCE_MAX = 12
const DESCRIPTION_MAX = 13

/** What stands in the form's fields. */
export type PaymentFields = {
  phone: string
  amount: string
  reference: string
  description: string
  shortcode: string
}

type FormProps = {
  initial: PaymentFields
  shortcodes: readonly PaymentShortcode[]
  isLive: boolean
  isSimulated: boolean
  isSending: boolean
  error: unknown
  /** The order that failed may have prompted all the same. */
  isUnsure: boolean
  /** Hears of every number that can be read from what is being written. */
  onPhone(phone: string): void
  onOrder(order: PaymentOrder): void
}

/** The form. */
export function PaymentForm(props: FormProps) {
  const texts = useTexts(newPaymentTexts)
  const form = usePaymentForm(props)
  return (
    <form noValidate onSubmit={form.onSubmit((fields) => props.onOrder(orderOf(fields)), focusFirstWrong)}>
      <Stack>
        <Fields form={form} isSimulated={props.isSimulated} />
        {props.shortcodes.length > 1 && (
          <NativeSelect
            label={texts.shortcode}
            data={[{ value: '', label: texts.oldest }, ...props.shortcodes.map(choiceOf)]}
            {...form.getInputProps('shortcode')}
          />
        )}
        <SendError error={props.error} isUnsure={props.isUnsure} />
        <Button
          type="submit"
          size="md"
          loading={props.isSending}
          {...(props.isLive ? { color: 'red.8' } : {})}
        >
          {props.isLive ? texts.sendLive : texts.send}
        </Button>
      </Stack>
    </form>
  )
}

function usePaymentForm({ initial, onPhone }: FormProps) {
  const texts = useTexts(newPaymentTexts)
  return useForm<PaymentFields>({
    mode: 'controlled',
    initialValues: initial,
    validate: {
      phone: (value) => (normalisePhone(value) === null ? texts.phoneWrong : null),
      amount: (value) => (readAmount(value) === null ? texts.amountWrong : null),
      reference: (value) => (isShort(value, REFERENCE_MAX) ? null : texts.referenceWrong),
    },
    onValuesChange({ phone }) {
      const read = normalisePhone(phone)
      if (read !== null) onPhone(read)
    },
  })
}

function Fields(props: { form: ReturnType<typeof usePaymentForm>; isSimulated: boolean }) {
  const texts = useTexts(newPaymentTexts)
  const { form, isSimulated } = props
  const phone = normalisePhone(form.values.phone)
  return (
    <>
      <TextInput
        label={texts.phone}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        required
        description={phone === null ? texts.phoneHint : texts.phoneRead(`${phoneText(phone)} (${phone})`)}
        {...form.getInputProps('phone')}
      />
      {isSimulated && <TestNumbers onChoose={(number) => form.setFieldValue('phone', number)} />}
      <TextInput
        label={texts.amount}
        description={texts.amountHint}
        inputMode="numeric"
        autoComplete="off"
        required
        leftSection={<Text size="sm">KES</Text>}
        leftSectionWidth={48}
        {...form.getInputProps('amount')}
      />
      <TextInput
        label={texts.reference}
        description={texts.referenceHint}
        autoComplete="off"
        required
        maxLength={REFERENCE_MAX}
        {...form.getInputProps('reference')}
      />
      <TextInput
        label={texts.description}
        description={texts.descriptionHint}
        autoComplete="off"
        maxLength={DESCRIPTION_MAX}
        {...form.getInputProps('description')}
      />
    </>
  )
}

/** An answer that was lost is another matter than a refusal. */
function SendError({ error, isUnsure }: { error: unknown; isUnsure: boolean }) {
  const texts = useTexts(newPaymentTexts)
  if (error === null || error === undefined) return null
  if (!isUnsure) return <ErrorState error={error} title={texts.failed} />
  return <ErrorState error={new Error(texts.unsureText)} title={texts.unsureTitle} />
}

function choiceOf({ id, kind, number, till_number, environment }: PaymentShortcode) {
  return { value: id, label: `${till_number ?? number} (${kind}, ${environment})` }
}

function orderOf(fields: PaymentFields): PaymentOrder {
  const description = fields.description.trim()
  return {
    phone: normalisePhone(fields.phone) ?? fields.phone,
    amount: readAmount(fields.amount) ?? 0,
    reference: fields.reference.trim(),
    ...(description === '' ? {} : { description }),
    ...(fields.shortcode === '' ? {} : { shortcode: fields.shortcode }),
  }
}

/** "1,500" and "KES 1500" as 1500; null when it is no amount that M-Pesa takes. */
function readAmount(text: string): number | null {
  const digits = text.replace(/^\s*kes/i, '').replace(/[\s,]/g, '')
  const amount = /^\d{1,6}$/.test(digits) ? Number(digits) : 0
  return amount >= 1 && amount <= AMOUNT_MAX ? amount : null
}

const isShort = (text: string, max: number) => text.trim() !== '' && text.trim().length <= max

function focusFirstWrong(): void {
  // After the messages are shown, so that a screen reader reads them with the field.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus())
}
