// Without a paybill no payment can be sent: the simulator's is added by one button.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { SIMULATOR_CREDENTIALS } from '../new-shortcode/shortcode-wish.ts'
import { useShortcodesChanged } from '../shortcodes/use-shortcodes.ts'
import { startTexts } from './texts.ts'

/** The paybill that the simulator and the sandbox share with everybody. */
const SIMULATOR_PAYBILL = '174379'

/** The notice and its button. */
export function ShortcodeNotice() {
  const texts = useTexts(startTexts)
  const api = useApi()
  const changed = useShortcodesChanged()
  const adding = useMutation({
    mutationFn: () =>
      api.post<Shortcode>('/v1/shortcodes', {
        environment: 'simulator',
        kind: 'paybill',
        number: SIMULATOR_PAYBILL,
        ...SIMULATOR_CREDENTIALS,
      }),
    onSuccess: changed,
  })
  return (
    <Alert color="yellow" variant="light" title={texts.shortcode}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{texts.shortcodeText}</Text>
        <Button size="xs" loading={adding.isPending} onClick={() => adding.mutate()}>
          {texts.shortcodeAct}
        </Button>
        {adding.isError && <ErrorState error={adding.error} title={texts.shortcodeAct} />}
      </Stack>
    </Alert>
  )
}
