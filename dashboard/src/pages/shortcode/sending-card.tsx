// How fast a shortcode may send now, and whether it may at all.
import { SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../api/side.tsx'
import { Countdown } from '../../developer/countdown.tsx'
import type { Shortcode, ShortcodeSending } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { LoadingRows, Unanswered } from '../../ui/states.tsx'
import { shortcodeTexts } from './texts.ts'

const REFRESH_MS = 5_000

/** Breaker and limits, as this process of the gateway has learnt them. */
export function SendingCard({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodeTexts)
  const api = useApi()
  const sending = useQuery({
    queryKey: api.key('shortcode', shortcode.id, 'sending'),
    queryFn: () => api.get<ShortcodeSending>(`/v1/shortcodes/${shortcode.id}/sending`),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {texts.limitsText}
      </Text>
      {sending.data === undefined && (
        <Unanswered query={sending} waiting={<LoadingRows rows={1} height={52} />} />
      )}
      {sending.data?.breaker === null && <Text size="sm">{texts.idle}</Text>}
      {sending.data !== undefined && sending.data.breaker !== null && (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Fact name={texts.breaker}>
            {texts.breakers[sending.data.breaker]}
            {sending.data.retry_at !== null && (
              <>
                . {texts.lookAgain} <Countdown until={sending.data.retry_at} />
              </>
            )}
          </Fact>
          <Fact name={texts.rate}>
            {sending.data.pushes_per_second}
            {sending.data.slow_start && ` · ${texts.slowStart}`}
          </Fact>
          <Fact name={texts.atOnce}>{sending.data.pushes_at_once}</Fact>
        </SimpleGrid>
      )}
    </Stack>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fw={600}>{children}</Text>
    </Stack>
  )
}
