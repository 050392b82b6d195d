// Why payments failed today: each reason, what it means, and how often.
import { Anchor, Box, Group, Progress, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { resultLabel } from '../../ui/result-label.ts'
import { SectionCard } from '../../ui/section-card.tsx'
import { failureMeanings } from './failure-meanings.ts'
import { useNumbers } from './figures.tsx'
import type { Overview } from './overview.ts'
import { overviewTexts } from './texts.ts'

const SHOWN_MAX = 6

/** The reasons, the most frequent first. */
export function FailuresCard({ overview }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  const { language } = useLanguage()
  const meanings = useTexts(failureMeanings)
  const { number, percent } = useNumbers()
  const { failures, today } = overview
  return (
    <SectionCard title={texts.failures} about={texts.failuresAbout} h="100%">
      {failures.length === 0 && <Text size="sm">{texts.noFailures}</Text>}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {failures.slice(0, SHOWN_MAX).map((failure) => (
          <Box component="li" key={failure.code}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Anchor
                renderRoot={(props) => (
                  <Link
                    {...props}
                    to="/payments"
                    search={{ code: failure.code, status: 'failed', from: today.date }}
                  />
                )}
                size="sm"
                fw={600}
                aria-label={texts.failuresLink(resultLabel(failure, language))}
              >
                {resultLabel(failure, language)}
              </Anchor>
              <Text size="sm" style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
                {number(failure.count)} · {percent(failure.share / 100)}
              </Text>
            </Group>
            <Progress value={failure.share} color="red.6" size="sm" my={4} aria-hidden />
            <Text size="xs" c="dimmed">
              {meanings[failure.code] ?? failure.code}
            </Text>
          </Box>
        ))}
      </Stack>
    </SectionCard>
  )
}
