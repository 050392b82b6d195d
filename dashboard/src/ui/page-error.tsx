// A page that broke, or whose file could not be loaded (after an upgrade, its name is another).
import { Button, Container } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { EmptyState, useProblemText } from './states.tsx'
import { uiTexts } from './texts.ts'

/** Says so, and loads everything anew. */
export function PageError({ error }: { error: unknown }) {
  const texts = useTexts(uiTexts)
  return (
    <Container size="sm" py="xl">
      <EmptyState
        title={texts.brokenPage}
        text={useProblemText(error)}
        action={<Button onClick={() => location.reload()}>{texts.reload}</Button>}
      />
    </Container>
  )
}
