// Every other fact about a payment, and the raw callback.
import { Group, Stack, Table, Text } from '@mantine/core'
import type { PaymentTrail } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { SectionCard } from '../../ui/section-card.tsx'
import { ExactTime } from '../../ui/time.tsx'
import { prettyJson } from './pretty-json.ts'
import { paymentTexts } from './texts.ts'

/** Ids, times and what the merchant sent along. */
export function DetailsCard({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(paymentTexts)
  const { payment } = trail
  const metadata = Object.entries(payment.metadata)
  return (
    <SectionCard title={texts.details}>
      <Table layout="fixed" variant="vertical" withRowBorders={false}>
        <Table.Tbody>
          <TimeRow name={texts.created} iso={payment.created_at} />
          <TimeRow name={texts.paid} iso={payment.paid_at} />
          {payment.status === 'queued' && <TimeRow name={texts.expires} iso={payment.expires_at} />}
          <TextRow name={texts.description} text={payment.description} />
          <TextRow name={texts.tag} text={payment.tag} />
          <TextRow name={texts.shortcode} text={trail.shortcode_number ?? payment.shortcode} />
          <TextRow name={texts.id} text={payment.id} isCode />
          <TextRow name={texts.trackingId} text={payment.tracking_id} isCode />
          <TextRow name="MerchantRequestID" text={payment.merchant_request_id} isCode />
          <TextRow name="CheckoutRequestID" text={payment.checkout_request_id} isCode />
          {metadata.map(([name, text]) => (
            <TextRow key={name} name={name} text={text} />
          ))}
        </Table.Tbody>
      </Table>
    </SectionCard>
  )
}

function TextRow({ name, text, isCode = false }: { name: string; text: string | null; isCode?: boolean }) {
  if (text === null || text === '') return null
  return (
    <Table.Tr>
      <Table.Th w="38%" fw={400} style={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}>
        {name}
      </Table.Th>
      <Table.Td>
        <Group gap={4} wrap="nowrap" align="flex-start" justify="space-between">
          <Text size="sm" {...(isCode ? { ff: 'monospace' } : {})} style={{ overflowWrap: 'anywhere' }}>
            {text}
          </Text>
          <CopyButton value={text} label={name} />
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function TimeRow({ name, iso }: { name: string; iso: string | null }) {
  if (iso === null) return null
  return (
    <Table.Tr>
      <Table.Th w="38%" fw={400}>
        {name}
      </Table.Th>
      <Table.Td>
        <ExactTime iso={iso} size="sm" />
      </Table.Td>
    </Table.Tr>
  )
}

/** What M-Pesa sent, byte for byte; the odd ones stand in the timeline. */
export function RawCallbackCard({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(paymentTexts)
  const raw = trail.raw_callback ?? null
  return (
    <SectionCard title={texts.raw} about={raw === null ? texts.rawNone : texts.rawText}>
      {raw !== null && (
        <Stack gap="xs">
          <ExactTime iso={raw.received_at} size="sm" c="dimmed" />
          <Disclosure label={texts.raw}>
            <CodeBlock code={prettyJson(raw.body)} copy={raw.body} label={texts.raw} maxHeight={360} />
          </Disclosure>
        </Stack>
      )}
    </SectionCard>
  )
}
