// Every other fact about a payment, and the raw callback.
import { Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { PaymentShortcode, PaymentTrail } from '../../api/payments.ts'
import { useApi, useGround } from '../../api/side.tsx'
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
  const shortcodeNumber = useShortcodeNumber(trail)
  return (
    <SectionCard title={texts.details}>
      <Table layout="fixed" variant="vertical" withRowBorders={false}>
        <Table.Tbody>
          <TimeRow name={texts.created} iso={payment.created_at} />
          <TimeRow name={texts.paid} iso={payment.paid_at} />
          {payment.status === 'queued' && <TimeRow name={texts.expires} iso={payment.expires_at} />}
          <TextRow name={texts.description} text={payment.description} />
          <TextRow name={texts.tag} text={payment.tag} />
          <TextRow name={texts.shortcode} text={shortcodeNumber} />
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

/** The number that was paid; the id of its shortcode for those who may not see more of it. */
function useShortcodeNumber({ payment, shortcode_number }: PaymentTrail): string {
  const api = useApi()
  const { may } = useGround()
  const { data } = useQuery({
    queryKey: api.key('shortcodes', 'choice'),
    queryFn: () => api.get<{ data: PaymentShortcode[] }>('/v1/shortcodes?limit=100'),
    enabled: may('shortcodes') && (shortcode_number ?? null) === null,
  })
  const found = data?.data.find(({ id }) => id === payment.shortcode)
  return shortcode_number ?? found?.till_number ?? found?.number ?? payment.shortcode
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
  if (raw === null && trail.payment.evidence?.source === 'callback') return null
  return (
    <SectionCard title={texts.raw} about={raw === null ? texts.rawNone : texts.rawText}>
      {raw !== null && (
        <Stack gap="xs">
          <ExactTime iso={raw.received_at} size="sm" c="dimmed" />
          <Disclosure label={texts.raw}>
            <CodeBlock
              code={prettyJson(raw.body)}
              copy={raw.body}
              label={`${texts.raw} (JSON)`}
              maxHeight={360}
            />
          </Disclosure>
        </Stack>
      )}
    </SectionCard>
  )
}
