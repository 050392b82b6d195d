// An address that shows nothing.
import { Anchor, Container } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/language.tsx'
import { EmptyState } from './states.tsx'
import { uiTexts } from './texts.ts'

/** Says that there is nothing here, and leads back. */
export function NotFoundPage() {
  const texts = useTexts(uiTexts)
  return (
    <Container size="sm" py="xl" component="main">
      <EmptyState
        title={texts.notFound}
        text={texts.notFoundText}
        action={
          <Anchor component={Link} to="/">
            {texts.toOverview}
          </Anchor>
        }
      />
    </Container>
  )
}
