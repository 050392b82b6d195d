// The payment that was just sent, followed until M-Pesa has said how it ends.
import { Button, Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Payment } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { PaymentAlerts } from '../payment/alerts.tsx'
import { AskButton } from '../payment/ask-button.tsx'
import { StatusCard } from '../payment/status-card.tsx'
import { TellCustomer } from '../payment/tell-customer.tsx'
import { Timeline } from '../payment/timeline.tsx'
import { usePaymentTrail } from '../payment/use-payment-trail.ts'
import { newPaymentTexts } from './texts.ts'

/** `first` is the payment as it was made; what became of it is read and told by the stream. */
export function WatchedPayment({ first, onAnother }: { first: Payment; onAnother(): void }) {
  const texts = useTexts(newPaymentTexts)
  const { data: trail } = usePaymentTrail(first.id)
  const payment = trail?.payment ?? first
  return (
    <Stack>
      <StatusCard payment={payment}>
        <Group>
          <Button onClick={onAnother}>{texts.another}</Button>
          <Button component={Link} to={`/payments/${payment.id}`} variant="default">
            {texts.open}
          </Button>
        </Group>
        {payment.status === 'uncertain' && <AskButton paymentId={payment.id} />}
      </StatusCard>
      {trail !== undefined && (
        <>
          <PaymentAlerts trail={trail} />
          <TellCustomer trail={trail} />
          <Timeline trail={trail} />
        </>
      )}
    </Stack>
  )
}
