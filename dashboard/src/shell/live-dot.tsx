// Whether the pages hear of changes as they happen: a dot, and the word for it.
import { Box, Group, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLiveState } from '../api/live-payments.tsx'
import { useTexts } from '../texts/language.tsx'
import classes from './live-dot.module.css'
import { shellTexts } from './texts.ts'

/** A stream that is renewed is no news; one that stays away is. */
const PATIENCE_MS = 4_000

/** The dot in the header. */
export function LiveDot() {
  const texts = useTexts(shellTexts)
  const state = useLiveState()
  const isAway = useLongAway(state !== 'live')
  if (state === 'off') return null
  const text = isAway ? texts.streamAway : texts.streamLive
  return (
    <Tooltip label={isAway ? texts.streamAwayText : texts.streamLiveText} multiline maw={260}>
      <Group gap={6} wrap="nowrap" role="status">
        <Box className={classes.dot} data-away={isAway} aria-hidden />
        <Text size="xs" visibleFrom="md">
          {text}
        </Text>
        <VisuallyHidden hiddenFrom="md">{text}</VisuallyHidden>
      </Group>
    </Tooltip>
  )
}

function useLongAway(isAway: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isAway) return setLong(false)
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isAway])
  return isLong
}
