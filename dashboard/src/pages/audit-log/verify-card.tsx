// How one knows that the log is whole: by a command, as a page would say what its gateway wants.
import { Card, Stack, Text, Title } from '@mantine/core'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { auditTexts } from './texts.ts'

/** The command for the merchant that is shown. */
export function VerifyCard() {
  const texts = useTexts(auditTexts)
  const { merchant } = useGround()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="verify-log">
      <Stack gap="sm">
        <Title order={2} size="h5" id="verify-log">
          {texts.verify}
        </Title>
        <Text size="sm">{texts.verifyText}</Text>
        <CodeBlock
          code={`npm run -s sukuma -- audit verify --merchant ${merchant.id}`}
          label={texts.verifyCommand}
          wraps
        />
      </Stack>
    </Card>
  )
}
