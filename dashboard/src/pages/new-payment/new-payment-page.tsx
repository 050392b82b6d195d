// New payment: prompts a customer's phone, and follows what becomes of it.
import { Button, Card, Grid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PaymentShortcode } from '../../api/payments.ts'
import { useDashboardConfig } from '../../api/session.ts'
import { useApi, useGround } from '../../api/side.tsx'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { moneyText } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { phoneText } from '../../ui/phone-number.ts'
import { EmptyState, ForbiddenState, Unanswered } from '../../ui/states.tsx'
import { type PaymentFields, PaymentForm } from './payment-form.tsx'
import { newPaymentTexts } from './texts.ts'
import { type PaymentOrder, type Sending, useSendPayment } from './use-send-payment.ts'
import { VirtualPhone } from './virtual-phone.tsx'
import { WatchedPayment } from './watched-payment.tsx'

const FORM_PX = 520
/** The number of the virtual phone that a first try is sent to. */
const FIRST_PHONE = '0712345678'
const EMPTY: PaymentFields = { phone: '', amount: '', reference: '', description: '', shortcode: '' }
const FIRST: PaymentFields = { ...EMPTY, phone: FIRST_PHONE, amount: '10', reference: 'TEST' }

/** The form, then the payment that it made; beside them the virtual phone where there is one. */
export function NewPaymentPage() {
  const texts = useTexts(newPaymentTexts)
  const { may } = useGround()
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      {may('payments:write') ? <NewPayment /> : <ForbiddenState />}
    </>
  )
}

function NewPayment() {
  const texts = useTexts(newPaymentTexts)
  const { mode } = useGround()
  const api = useApi()
  const config = useDashboardConfig()
  // Here and not beside the form: the key of a payment outlives a form that has to go.
  const sending = useSendPayment()
  const shortcodes = useQuery({
    queryKey: api.key('shortcodes', 'choice'),
    queryFn: () => api.get<{ data: PaymentShortcode[] }>('/v1/shortcodes?limit=100'),
  })
  const waiting = <Skeleton height={FORM_PX} maw={560} />
  if (shortcodes.data === undefined) return <Unanswered query={shortcodes} waiting={waiting} />
  if (config.data === undefined) return <Unanswered query={config} waiting={waiting} />
  const usable = shortcodes.data.data.filter(({ status }) => status === 'enabled')
  if (usable.length === 0) {
    return (
      <EmptyState
        title={texts.noShortcode}
        text={texts.noShortcodeText}
        action={
          <Button component={Link} to="/shortcodes/new">
            {texts.addShortcode}
          </Button>
        }
      />
    )
  }
  const isSimulated = mode === 'test' && usable.some(({ environment }) => environment === 'simulator')
  const simulatorUrl = isSimulated ? config.data.simulator_url : null
  return <FormAndPhone shortcodes={usable} simulatorUrl={simulatorUrl} sending={sending} />
}

function FormAndPhone(props: {
  shortcodes: readonly PaymentShortcode[]
  simulatorUrl: string | null
  sending: Sending
}) {
  const { shortcodes, simulatorUrl, sending } = props
  const { mode } = useGround()
  const [asked, setAsked] = useState<PaymentOrder | null>(null)
  const [phone, setPhone] = useState(`254${FIRST_PHONE.slice(1)}`)
  const isLive = mode === 'live'
  const isSent = sending.data !== undefined
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }} order={1}>
        {sending.data !== undefined ? (
          <WatchedPayment key={sending.data.id} first={sending.data} onAnother={sending.startAnother} />
        ) : (
          <Card withBorder>
            <PaymentForm
              initial={simulatorUrl === null ? EMPTY : FIRST}
              shortcodes={shortcodes}
              isLive={isLive}
              isSimulated={simulatorUrl !== null}
              isSending={sending.isPending}
              error={sending.error}
              isUnsure={sending.isUnsure}
              onPhone={setPhone}
              onOrder={isLive ? setAsked : sending.send}
            />
          </Card>
        )}
      </Grid.Col>
      {simulatorUrl !== null && (
        <Grid.Col span={{ base: 12, md: 5 }} order={{ base: isSent ? 0 : 2, md: 2 }}>
          <VirtualPhone phone={phone} simulatorUrl={simulatorUrl} />
        </Grid.Col>
      )}
      <LiveQuestion
        order={asked}
        onClose={() => setAsked(null)}
        onConfirm={(order) => {
          setAsked(null)
          sending.send(order)
        }}
      />
    </Grid>
  )
}

/** Asks before a real customer is asked. */
function LiveQuestion(props: {
  order: PaymentOrder | null
  onClose(): void
  onConfirm(order: PaymentOrder): void
}) {
  const texts = useTexts(newPaymentTexts)
  const { language } = useLanguage()
  const { order } = props
  const amount = moneyText(order?.amount ?? 0, language)
  return (
    <ConfirmModal
      opened={order !== null}
      title={texts.confirmTitle}
      danger
      act={texts.confirmAct(amount)}
      text={
        <Stack gap="xs">
          <Text>{texts.confirmText(amount, phoneText(order?.phone ?? ''))}</Text>
          <Text size="sm" c="dimmed">
            {texts.confirmReference}: {order?.reference}
          </Text>
        </Stack>
      }
      onClose={props.onClose}
      onConfirm={() => {
        if (order !== null) props.onConfirm(order)
      }}
    />
  )
}
