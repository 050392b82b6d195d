// Says why something about an account was refused, in the reader's language.
import { Alert, Text } from '@mantine/core'
import { ApiProblem } from '../api/problem.ts'
import { useTexts } from '../texts/language.tsx'
import { useProblemText } from '../ui/states.tsx'
import { problemTexts } from './problem-texts.ts'

const TOO_MANY = 429

/** What `error` says to the one who reads it. */
export function useAccountProblemText(error: unknown): string {
  const texts = useTexts(problemTexts)
  const otherwise = useProblemText(error)
  if (!(error instanceof ApiProblem)) return otherwise
  if (error.status === TOO_MANY && error.retryAfterSeconds !== null) {
    return texts.waitSeconds(error.retryAfterSeconds)
  }
  return texts.byCode[error.code] ?? otherwise
}

/** An alert that says why; nothing without an error. */
export function AccountProblem({ error }: { error: unknown }) {
  const text = useAccountProblemText(error)
  if (error === null || error === undefined) return null
  return (
    <Alert color="red" variant="light" role="alert" p="sm">
      <Text size="sm">{text}</Text>
    </Alert>
  )
}
