// How an invitation is accepted, by who opens it: a new account, a sign-in first, or one click.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import type { OpenInvitation } from '../../accounts/auth-calls.ts'
import { useEnter, useLeave } from '../../accounts/use-enter.ts'
import { request } from '../../api/request.ts'
import type { Membership, Session } from '../../api/session.ts'
import { rememberMerchant } from '../../shell/use-chosen-side.ts'
import { useTexts } from '../../texts/language.tsx'
import { SignUpForm } from '../sign-up/sign-up-form.tsx'
import { invitationTexts } from './texts.ts'

type StepProps = { token: string; invitation: OpenInvitation }

/** The step that fits; `session` is null when nobody is signed in. */
export function AcceptStep({ session, ...step }: StepProps & { session: Session | null }) {
  if (session !== null) {
    const isTheirs = session.user.email.toLowerCase() === step.invitation.email.toLowerCase()
    return isTheirs ? <Join {...step} /> : <SomebodyElse {...step} current={session.user.email} />
  }
  return step.invitation.has_account ? <SignInFirst {...step} /> : <SignUpFirst {...step} />
}

function Join({ token }: StepProps) {
  const texts = useTexts(invitationTexts)
  const enter = useEnter()
  const navigate = useNavigate()
  const join = useMutation({
    mutationFn: () =>
      request<{ merchant: Membership }>(`/dashboard/invitations/${encodeURIComponent(token)}/accept`, {
        method: 'POST',
        body: {},
      }),
    async onSuccess({ merchant }) {
      rememberMerchant(merchant.id)
      await enter()
      await navigate({ to: '/', replace: true })
    },
  })
  return (
    <Stack>
      <AccountProblem error={join.error} />
      <Button loading={join.isPending} onClick={() => join.mutate()}>
        {texts.accept}
      </Button>
    </Stack>
  )
}

function SignInFirst({ token }: StepProps) {
  const texts = useTexts(invitationTexts)
  const next = `/accept-invitation/${encodeURIComponent(token)}`
  return (
    <Stack>
      <Text size="sm">{texts.signInText}</Text>
      <Button renderRoot={(props) => <Link to="/sign-in" search={{ next }} {...props} />}>
        {texts.signIn}
      </Button>
    </Stack>
  )
}

function SignUpFirst({ token, invitation }: StepProps) {
  const texts = useTexts(invitationTexts)
  const enter = useEnter()
  const navigate = useNavigate()
  async function onSignedUp() {
    await enter()
    await navigate({ to: '/', replace: true })
  }
  return (
    <Stack>
      <Text size="sm">{texts.signUpText}</Text>
      <SignUpForm invitation={{ token, email: invitation.email }} onSignedUp={onSignedUp} />
    </Stack>
  )
}

function SomebodyElse({ invitation, current }: StepProps & { current: string }) {
  const texts = useTexts(invitationTexts)
  const leave = useLeave()
  const signOut = useMutation({ mutationFn: leave })
  return (
    <Stack>
      <Alert color="orange" variant="light" title={texts.otherTitle}>
        <Text size="sm">{texts.otherText(invitation.email, current)}</Text>
      </Alert>
      <AccountProblem error={signOut.error} />
      <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {texts.signOut}
      </Button>
    </Stack>
  )
}
