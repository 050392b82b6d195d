// Asks Daraja whether it takes the credentials, now.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { Time } from '../../ui/time.tsx'
import { useShortcodesChanged } from '../shortcodes/use-shortcodes.ts'
import { shortcodeTexts } from './texts.ts'
import { VerifyProblem } from './verify-problem.tsx'

/** How the credentials are, the button, and its outcome. */
export function CredentialCheck({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodeTexts)
  const api = useApi()
  const changed = useShortcodesChanged()
  const check = useMutation({
    mutationFn: () => api.post<Shortcode>(`/v1/shortcodes/${shortcode.id}/verify`),
    onSettled: changed,
  })
  const { status, since, detail } = shortcode.credentials
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        {texts[status]} {since !== null && <Time iso={since} inherit fw={600} />}
      </Text>
      {status === 'refused' && detail !== null && (
        <Text size="sm" c="dimmed">
          {texts.said}: {detail}
        </Text>
      )}
      <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
        {texts.check}
      </Button>
      {check.isSuccess && (
        <Alert color="green" variant="light" role="status" p="xs">
          <Text size="sm">{texts.checkedGood}</Text>
        </Alert>
      )}
      {check.isError && <VerifyProblem error={check.error} />}
    </Stack>
  )
}
