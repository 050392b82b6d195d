// Sign in: by password, then perhaps a code; or by the link that was printed for the demo.
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useFragmentSecret, useNextPath } from '../../accounts/address-parts.ts'
import { useEnter } from '../../accounts/use-enter.ts'
import { useSession } from '../../api/session.ts'
import { LinkStep } from './link-step.tsx'
import { PasswordStep } from './password-step.tsx'
import { SecondStep } from './second-step.tsx'

type Step = 'link' | 'password' | 'second'

/** Leads to the page that was asked for, as soon as somebody is signed in. */
export function SignInPage() {
  const link = useFragmentSecret('link')
  const next = useNextPath()
  const navigate = useNavigate()
  const learnWho = useEnter()
  const { data: session } = useSession()
  const [step, setStep] = useState<Step>(link === null ? 'password' : 'link')
  const isSignedIn = session !== undefined && session !== null

  useEffect(() => {
    // A link is spent first, even where somebody else is signed in: it is whose page is wanted.
    if (isSignedIn && step !== 'link') void navigate({ href: next, replace: true })
  }, [isSignedIn, step, navigate, next])

  async function enter() {
    await learnWho()
    setStep((now) => (now === 'link' ? 'password' : now))
  }

  if (step === 'link' && link !== null) {
    return <LinkStep token={link} onSignedIn={enter} onPassword={() => setStep('password')} />
  }
  if (step === 'second') return <SecondStep onSignedIn={enter} onAgain={() => setStep('password')} />
  return <PasswordStep onSignedIn={enter} onSecond={() => setStep('second')} />
}
