// What is shown in place of something that is empty, broken, forbidden or on its way.
import { Alert, Button, Card, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { useGround } from '../api/side.tsx'
import { shellTexts } from '../shell/texts.ts'
import { useTexts } from '../texts/language.tsx'
import { problemTexts } from './problem-texts.ts'
import { uiTexts } from './texts.ts'

const TOO_MANY = 429

/** Nothing here yet: what this place is for, and the way to its first entry. */
export function EmptyState(props: { title: string; text: string; icon?: ReactNode; action?: ReactNode }) {
  return (
    <Card withBorder padding="xl">
      <Stack align="center" gap="sm" py="lg">
        {props.icon}
        <Title order={2} size="h4" ta="center">
          {props.title}
        </Title>
        <Text c="dimmed" ta="center" maw="32rem">
          {props.text}
        </Text>
        {props.action}
      </Stack>
    </Card>
  )
}

/** Something that could not be loaded or done: why, and another try. */
export function ErrorState(props: { error: unknown; retry?: () => unknown; title?: string }) {
  const texts = useTexts(uiTexts)
  const { error, retry } = props
  const id = error instanceof ApiProblem ? error.requestId : null
  return (
    <Alert color="red" variant="light" title={props.title ?? texts.couldNotLoad} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{useProblemText(error)}</Text>
        {id !== null && (
          <Text size="xs" c="dimmed">
            {texts.reference(id)}
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={() => retry()}>
            {texts.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** A query without an answer, as far as it is looked at here. */
type OpenQuery = { data: undefined; isError: boolean; error: unknown; refetch(): unknown }

/**
 * Stands in place of an answer that is not there yet: `waiting`, or why it could not be had. An answer that
 * is there stays on the page, whatever becomes of reading it anew: a form that is being filled in, a secret
 * that is shown once and the key of a payment would all go with it.
 */
export function Unanswered(props: { query: OpenQuery; waiting: ReactNode; title?: string }) {
  const { query, waiting, ...said } = props
  return query.isError ? <ErrorState error={query.error} retry={query.refetch} {...said} /> : waiting
}

/** Below an answer that stays: why it could not be read anew, or further down. Nothing if it could. */
export function ReadingProblem({ query }: { query: Omit<OpenQuery, 'data'> }) {
  return query.isError ? <ErrorState error={query.error} retry={query.refetch} /> : null
}

/** What an error says to the one who reads it. */
export function useProblemText(error: unknown): string {
  return useProblemWords()(error)
}

/** As `useProblemText`, of errors that are told as they happen. */
export function useProblemWords(): (error: unknown) => string {
  const texts = useTexts(uiTexts)
  const { byCode, waitSeconds } = useTexts(problemTexts)
  return (error) => {
    if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : texts.couldNotLoad
    if (error.code === 'no_answer') return texts.noAnswer
    if (error.status === TOO_MANY && error.retryAfterSeconds !== null) {
      return waitSeconds(error.retryAfterSeconds)
    }
    return byCode[error.code] ?? error.message
  }
}

/** A page that the reader's role does not include. */
export function ForbiddenState() {
  const texts = useTexts(uiTexts)
  const { roles } = useTexts(shellTexts)
  const { merchant } = useGround()
  return <EmptyState title={texts.forbidden} text={texts.forbiddenText(roles[merchant.role])} />
}

/** Rows of the height that the real ones will have, so that nothing jumps. */
export function LoadingRows(props: { rows?: number; height?: number }) {
  const texts = useTexts(uiTexts)
  const { rows = 6, height = 44 } = props
  return (
    <Stack gap="xs" role="status">
      <VisuallyHidden>{texts.loading}</VisuallyHidden>
      {names(rows).map((name) => (
        <Skeleton key={name} height={height} />
      ))}
    </Stack>
  )
}

/** A card of the height that the real one will have. */
export function LoadingCards(props: { cards?: number; height?: number }) {
  const { cards = 4, height = 112 } = props
  return (
    <Group grow>
      {names(cards).map((name) => (
        <Skeleton key={name} height={height} />
      ))}
    </Group>
  )
}

const names = (count: number): string[] => Array.from({ length: count }, (_, nth) => `skeleton ${nth}`)
