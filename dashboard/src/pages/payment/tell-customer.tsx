// What to tell the customer, in the language that the customer speaks.
import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import type { PaymentTrail } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SectionCard } from '../../ui/section-card.tsx'
import { paymentTexts } from './texts.ts'

/** Both texts, each with a button that copies it. */
export function TellCustomer({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(paymentTexts)
  const message = trail.tell_customer ?? trail.payment.result?.message
  if (message === undefined) return null
  return (
    <SectionCard title={texts.tell} about={texts.tellAbout}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Told language="en" name={texts.english} text={message.en} />
        <Told language="sw" name={texts.swahili} text={message.sw} />
      </SimpleGrid>
    </SectionCard>
  )
}

function Told({ language, name, text }: { language: string; name: string; text: string }) {
  return (
    <Stack gap={2}>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {name}
        </Text>
        <CopyButton value={text} label={name} />
      </Group>
      <Text lang={language}>{text}</Text>
    </Stack>
  )
}
