// How an endpoint is signed, and how its receiver verifies that.
import { Card, Stack, Text, Title } from '@mantine/core'
import { CodeTabs } from '../../developer/code-tabs.tsx'
import type { Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { KeySection } from './key-section.tsx'
import { SecretSection } from './secret-section.tsx'
import { webhookTexts } from './texts.ts'
import { VERIFY_SAMPLES } from './verify-samples.ts'

/** The secret, the key, and code for the receiver. */
export function SigningPanel({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  return (
    <Stack>
      <SecretSection endpoint={endpoint} />
      <KeySection endpoint={endpoint} />
      <Card withBorder component="section">
        <Stack gap="sm">
          <Title order={2} size="h5">
            {texts.verify}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.verifyText}
          </Text>
          <CodeTabs samples={VERIFY_SAMPLES} label={texts.sample} />
        </Stack>
      </Card>
    </Stack>
  )
}
