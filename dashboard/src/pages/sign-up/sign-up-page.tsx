// Sign up: the first owner, or anybody where that is open. By invitation, the invitation's own page does it.
import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useEnter } from '../../accounts/use-enter.ts'
import { useDashboardConfig, useSession } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { Unanswered } from '../../ui/states.tsx'
import { SignUpForm } from './sign-up-form.tsx'
import { signUpTexts } from './texts.ts'

/** About as high as the form. */
const FORM_PX = 390

/** A new account leads to the guided start. */
export function SignUpPage() {
  const texts = useTexts(signUpTexts)
  const config = useDashboardConfig()
  const navigate = useNavigate()
  const enter = useEnter()
  const { data: session } = useSession()
  const [isNew, setNew] = useState(false)
  const isSignedIn = session !== undefined && session !== null
  useEffect(() => {
    if (isSignedIn) void navigate({ to: isNew ? '/start' : '/', replace: true })
  }, [isSignedIn, isNew, navigate])
  async function onSignedUp() {
    setNew(true)
    await enter()
  }
  if (config.data?.sign_up === 'invitation' && !isNew) return <ByInvitation />
  const isFirst = config.data?.sign_up === 'first'
  return (
    <AccountFrame
      title={isFirst ? texts.firstTitle : texts.title}
      about={isFirst ? texts.firstAbout : texts.openAbout}
      below={<ToSignIn />}
    >
      {config.data === undefined ? (
        <Unanswered query={config} waiting={<Skeleton height={FORM_PX} />} />
      ) : (
        <SignUpForm onSignedUp={onSignedUp} />
      )}
    </AccountFrame>
  )
}

function ByInvitation() {
  const texts = useTexts(signUpTexts)
  const shared = useTexts(accountTexts)
  return (
    <AccountFrame title={texts.invitationTitle}>
      <Stack>
        <Text size="sm">{texts.invitationText}</Text>
        <Button component={Link} to="/sign-in" variant="default">
          {shared.toSignIn}
        </Button>
      </Stack>
    </AccountFrame>
  )
}

function ToSignIn() {
  const texts = useTexts(signUpTexts)
  return (
    <>
      {texts.haveAccount}{' '}
      <Anchor component={Link} to="/sign-in" inherit underline="always">
        {texts.signIn}
      </Anchor>
    </>
  )
}
