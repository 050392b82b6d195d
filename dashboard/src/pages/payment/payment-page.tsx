// One payment: how it stands, what to tell the customer, and everything that it rests on.
import { ArrowLeftIcon } from '@heroicons/react/24/outline'
import { Anchor, Box, Grid, Group, Skeleton, Stack } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useContext } from 'react'
import { isSettled, type Payment, type PaymentTrail } from '../../api/payments.ts'
import { isProblem } from '../../api/problem.ts'
import { useGround } from '../../api/side.tsx'
import { localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { CopyTextButton } from '../../ui/copy-text-button.tsx'
import { moneyText } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { phoneText } from '../../ui/phone-number.ts'
import { EmptyState, ForbiddenState, Unanswered } from '../../ui/states.tsx'
import { TimeZoneContext } from '../../ui/time.tsx'
import { PaymentAlerts } from './alerts.tsx'
import { AskButton } from './ask-button.tsx'
import { DetailsCard, RawCallbackCard } from './details-card.tsx'
import { StatusCard } from './status-card.tsx'
import { TellCustomer } from './tell-customer.tsx'
import { paymentTexts } from './texts.ts'
import { Timeline } from './timeline.tsx'
import { usePaymentTrail } from './use-payment-trail.ts'
import { WebhooksCard } from './webhooks-card.tsx'

const ICON_PX = 16
const STATUS_PX = 220
const PART_PX = 320

/** The page of the payment that the address names. */
export function PaymentPage() {
  const texts = useTexts(paymentTexts)
  const { may } = useGround()
  const { id = '' } = useParams({ strict: false })
  return (
    <>
      <Anchor component={Link} to="/payments" size="sm">
        <Group gap={4} component="span">
          <ArrowLeftIcon width={ICON_PX} aria-hidden />
          {texts.back}
        </Group>
      </Anchor>
      <PageHeader title={texts.title} />
      {may('payments:read') ? <OnePayment id={id} /> : <ForbiddenState />}
    </>
  )
}

function OnePayment({ id }: { id: string }) {
  const texts = useTexts(paymentTexts)
  const trail = usePaymentTrail(id)
  if (trail.data !== undefined) return <KnownPayment trail={trail.data} />
  if (isProblem(trail.error, 'not_found') || isProblem(trail.error, 'invalid')) {
    return <EmptyState title={texts.notFound} text={texts.notFoundText} />
  }
  return <Unanswered query={trail} waiting={<LoadingPayment />} />
}

function KnownPayment({ trail }: { trail: PaymentTrail }) {
  const { may } = useGround()
  const { payment } = trail
  return (
    <>
      <PaymentAlerts trail={trail} />
      <Box mb="md">
        <StatusCard payment={payment}>
          {payment.receipt !== null && <ReceiptButton payment={payment} receipt={payment.receipt} />}
          {!isSettled(payment) && <AskButton paymentId={payment.id} />}
        </StatusCard>
      </Box>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <TellCustomer trail={trail} />
            <Timeline trail={trail} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <DetailsCard trail={trail} />
            <RawCallbackCard trail={trail} />
          </Stack>
        </Grid.Col>
        {may('webhooks') && (
          <Grid.Col span={12}>
            <WebhooksCard trail={trail} />
          </Grid.Col>
        )}
      </Grid>
    </>
  )
}

function ReceiptButton({ payment, receipt }: { payment: Payment; receipt: string }) {
  const texts = useTexts(paymentTexts)
  const { language } = useLanguage()
  const { merchant } = useGround()
  const timeZone = useContext(TimeZoneContext)
  const format = new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  })
  const text = texts.receiptText({
    amount: moneyText(payment.amount, language),
    to: merchant.name,
    receipt,
    phone: phoneText(payment.phone),
    for: payment.reference,
    at: format.format(new Date(payment.paid_at ?? payment.settled_at ?? payment.created_at)),
  })
  return (
    <Group>
      <CopyTextButton value={text} label={texts.copyReceipt} />
    </Group>
  )
}

function LoadingPayment() {
  return (
    <Stack role="status" aria-busy>
      <Skeleton height={STATUS_PX} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Skeleton height={PART_PX} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Skeleton height={PART_PX} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
