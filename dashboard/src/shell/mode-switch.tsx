// Test or live: never to be mistaken, by word, colour and place.
import { Box, SegmentedControl } from '@mantine/core'
import { useGround } from '../api/side.tsx'
import { useTexts } from '../texts/language.tsx'
import classes from './mode-switch.module.css'
import { shellTexts } from './texts.ts'

/** The switch in the header. */
export function ModeSwitch() {
  const texts = useTexts(shellTexts)
  const { mode, setMode } = useGround()
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.mode}
      value={mode}
      color={mode === 'live' ? 'red.8' : 'yellow.5'}
      onChange={(value) => setMode(value === 'live' ? 'live' : 'test')}
      data={[
        { value: 'test', label: texts.test },
        { value: 'live', label: texts.live },
      ]}
    />
  )
}

/** The band over every page that says which world it shows. */
export function ModeBand() {
  const texts = useTexts(shellTexts)
  const { mode } = useGround()
  return (
    <Box className={classes.band} data-mode={mode} role="status">
      {mode === 'test' ? texts.testBand : texts.liveBand}
    </Box>
  )
}
