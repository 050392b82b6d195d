// Why Daraja was not content with credentials.
import { Code, Text } from '@mantine/core'
import { isProblem } from '../../api/problem.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { AdviceAlert } from './advice-alert.tsx'
import { shortcodeTexts } from './texts.ts'

/** The advice for refused credentials; any other error as it is. */
export function VerifyProblem({ error }: { error: unknown }) {
  const texts = useTexts(shortcodeTexts)
  if (!isProblem(error, 'credentials_refused')) return <ErrorState error={error} title={texts.check} />
  return (
    <AdviceAlert advice="keys">
      <Text size="sm">
        {texts.said}: <Code>{error.message.replace(/^Daraja gave no token: /, '')}</Code>
      </Text>
    </AdviceAlert>
  )
}
