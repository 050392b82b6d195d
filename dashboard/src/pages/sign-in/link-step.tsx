// The landing of a one-time link: it signs in by itself, once.
import { Button, Center, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { useTexts } from '../../texts/language.tsx'
import { signInTexts } from './texts.ts'

/** Spends `token`. A query and not an effect, so that it is never spent twice. */
export function LinkStep(props: { token: string; onSignedIn(): Promise<void>; onPassword(): void }) {
  const { token, onSignedIn, onPassword } = props
  const texts = useTexts(signInTexts)
  const { error } = useQuery({
    queryKey: ['sign-in-link', token],
    queryFn: async () => {
      await postAuth('/sign-in/link', { token })
      await onSignedIn()
      return true
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return (
    <AccountFrame title={error === null ? texts.linkTitle : texts.linkFailed}>
      {error === null ? (
        <Center role="status" py="md">
          <Stack align="center">
            <Loader aria-hidden />
            <Text>{texts.linkBusy}</Text>
          </Stack>
        </Center>
      ) : (
        <Stack>
          <AccountProblem error={error} />
          <Button variant="default" onClick={onPassword}>
            {texts.withPassword}
          </Button>
        </Stack>
      )}
    </AccountFrame>
  )
}
