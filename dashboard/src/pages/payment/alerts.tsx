// What nobody may overlook about a payment: doubt, contradiction, correction, a lost callback.
import { ExclamationTriangleIcon, InformationCircleIcon } from '@heroicons/react/24/outline'
import { Alert, List, Stack, Text } from '@mantine/core'
import type { PaymentTrail } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { Time } from '../../ui/time.tsx'
import { paymentTexts } from './texts.ts'

/** The alerts of a payment, the gravest first. */
export function PaymentAlerts({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(paymentTexts)
  const contradicted = trail.events.findLast(({ type }) => type === 'payment.contradicted')
  const corrected = trail.events.findLast(({ type }) => type === 'payment.corrected')
  const found = foundOutText(trail)
  const isUncertain = trail.payment.status === 'uncertain'
  if (contradicted === undefined && corrected === undefined && !isUncertain && found === null) return null
  return (
    <Stack gap="sm" mb="md">
      {contradicted !== undefined && (
        <Grave title={texts.contradicted} text={texts.contradictedText} at={contradicted.created_at} />
      )}
      {corrected !== undefined && (
        <Grave title={texts.corrected} text={texts.correctedText} at={corrected.created_at} />
      )}
      {isUncertain && <Uncertain trail={trail} />}
      {found !== null && (
        <Alert
          color="blue"
          variant="light"
          icon={<InformationCircleIcon aria-hidden />}
          title={texts[found.title]}
        >
          {texts[found.text]}
        </Alert>
      )}
    </Stack>
  )
}

function Grave({ title, text, at }: { title: string; text: string; at: string }) {
  return (
    <Alert
      color="red.9"
      variant="filled"
      icon={<ExclamationTriangleIcon aria-hidden />}
      title={title}
      role="alert"
      autoContrast
    >
      {text} <Time iso={at} inherit />
    </Alert>
  )
}

function Uncertain({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(paymentTexts)
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<ExclamationTriangleIcon aria-hidden />}
      title={texts.uncertain}
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">{texts.uncertainText}</Text>
        {trail.next.length > 0 && (
          <div>
            <Text size="sm" fw={600}>
              {texts.next}
            </Text>
            <List size="sm">
              {trail.next.map(({ what, at, detail }) => (
                <List.Item key={`${what} ${at ?? ''}`}>
                  {texts.nextWhat[what] ?? detail} {at !== null && <Time iso={at} size="sm" fw={600} />}
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </Alert>
  )
}

type FoundOut = { title: 'lost' | 'late'; text: 'lostText' | 'lostTextStatement' | 'lateText' }

/** Says when the verdict did not come by callback, as it should. */
function foundOutText({ payment, callbacks, raw_callback }: PaymentTrail): FoundOut | null {
  const source = payment.evidence?.source
  if (payment.settled_at === null || (source !== 'query' && source !== 'statement')) return null
  const isLate = (raw_callback ?? null) !== null || callbacks.some(({ kind }) => kind === 'receipt')
  if (isLate) return { title: 'late', text: 'lateText' }
  return { title: 'lost', text: source === 'query' ? 'lostText' : 'lostTextStatement' }
}
