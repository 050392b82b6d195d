// How a payment stands, so large that it is read across a counter.
import {
  CheckCircleIcon,
  ClockIcon,
  DevicePhoneMobileIcon,
  PaperAirplaneIcon,
  QuestionMarkCircleIcon,
  XCircleIcon,
} from '@heroicons/react/24/outline'
import { Card, Group, Stack, Text } from '@mantine/core'
import type { ComponentType, CSSProperties, ReactNode, SVGProps } from 'react'
import type { Payment, PaymentStatus } from '../../api/payments.ts'
import { type Language, useLanguage, useTexts } from '../../texts/language.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { moneyText } from '../../ui/money.tsx'
import { phoneText } from '../../ui/phone-number.ts'
import { resultLabel } from '../../ui/result-label.ts'
import classes from './status-card.module.css'
import { paymentTexts } from './texts.ts'

type Look = { icon: ComponentType<SVGProps<SVGSVGElement>>; color: string }

const ICON_PX = 44
const LOOKS: Readonly<Record<PaymentStatus, Look>> = {
  queued: { icon: ClockIcon, color: 'gray' },
  sending: { icon: PaperAirplaneIcon, color: 'blue' },
  pending: { icon: DevicePhoneMobileIcon, color: 'blue' },
  uncertain: { icon: QuestionMarkCircleIcon, color: 'orange' },
  succeeded: { icon: CheckCircleIcon, color: 'green' },
  failed: { icon: XCircleIcon, color: 'red' },
}

/** Status, amount, phone, reference and receipt; `children` are its acts. */
export function StatusCard({ payment, children }: { payment: Payment; children?: ReactNode }) {
  const texts = useTexts(paymentTexts)
  const { language } = useLanguage()
  const { icon: StatusIcon, color } = LOOKS[payment.status]
  const style: CSSProperties & Record<'--status-color', string> = {
    '--status-color': `light-dark(var(--mantine-color-${color}-8), var(--mantine-color-${color}-5))`,
  }
  return (
    <Card withBorder className={classes.card} style={style}>
      <Stack gap="md">
        <Group wrap="nowrap" align="flex-start">
          <StatusIcon width={ICON_PX} className={classes.icon} aria-hidden />
          <Stack gap={2} miw={0} flex={1}>
            <div role="status">
              <Text fw={700} size="xl" lh={1.2}>
                {texts.status[payment.status]}
              </Text>
              <Text size="sm">{reasonText(payment, texts.statusText, language)}</Text>
            </div>
            <Text className={classes.amount}>{moneyText(payment.amount, language)}</Text>
          </Stack>
        </Group>
        <dl className={classes.facts}>
          <Fact name={texts.phone} text={phoneText(payment.phone)} copy={payment.phone} />
          <Fact name={texts.reference} text={payment.reference} copy={payment.reference} />
          <Fact name={texts.receipt} text={payment.receipt ?? '–'} copy={payment.receipt} />
        </dl>
        {children}
      </Stack>
    </Card>
  )
}

function Fact({ name, text, copy }: { name: string; text: string; copy: string | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Text span fw={600}>
          {text}
        </Text>
        {copy !== null && <CopyButton value={copy} label={name} />}
      </dd>
    </div>
  )
}

/** Why it failed in M-Pesa's words, else what its status means. */
function reasonText(
  { status, result }: Payment,
  meanings: Record<string, string>,
  language: Language,
): string {
  if (status !== 'failed' || result === null) return meanings[status] ?? ''
  const said = result.description === null || result.description === '' ? '' : `: ${result.description}`
  return `${resultLabel(result, language)} (${result.code})${said}`
}
