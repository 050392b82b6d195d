// Says why something about an account was refused, in the reader's language.
import { Alert, Text } from '@mantine/core'
import { useProblemText } from '../ui/states.tsx'

/** An alert that says why; nothing without an error. */
export function AccountProblem({ error }: { error: unknown }) {
  const text = useProblemText(error)
  if (error === null || error === undefined) return null
  return (
    <Alert color="red" variant="light" role="alert" p="sm">
      <Text size="sm">{text}</Text>
    </Alert>
  )
}
