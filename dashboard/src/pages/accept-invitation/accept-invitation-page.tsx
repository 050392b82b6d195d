// The page behind an invitation's link: who invites to what, and the shortest way in.
import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { type OpenInvitation, readInvitation } from '../../accounts/auth-calls.ts'
import { isProblem } from '../../api/problem.ts'
import { useSession } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { Unanswered } from '../../ui/states.tsx'
import { AcceptStep } from './accept-step.tsx'
import { invitationTexts } from './texts.ts'

/** About as high as the form of a new account. */
const CARD_PX = 300

/** `$id` of the address is the invitation's secret. */
export function AcceptInvitationPage() {
  const texts = useTexts(invitationTexts)
  const { id: token } = useParams({ from: '/account/accept-invitation/$id' })
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => readInvitation(token),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const session = useSession()
  if (isProblem(invitation.error, 'not_found')) {
    return <AccountFrame title={texts.goneTitle} about={texts.goneText} />
  }
  const waiting = <Skeleton height={CARD_PX} />
  if (invitation.data === undefined) {
    return (
      <AccountFrame title={texts.loading}>
        <Unanswered query={invitation} waiting={waiting} />
      </AccountFrame>
    )
  }
  if (session.data === undefined) {
    return (
      <AccountFrame title={texts.loading}>
        <Unanswered query={session} waiting={waiting} />
      </AccountFrame>
    )
  }
  return (
    <AccountFrame title={texts.title(invitation.data.merchant.name)} about={<Offer {...invitation.data} />}>
      <AcceptStep token={token} invitation={invitation.data} session={session.data} />
    </AccountFrame>
  )
}

function Offer({ invited_by, role, email }: OpenInvitation) {
  const texts = useTexts(invitationTexts)
  return (
    <Stack component="span" gap={4}>
      {invited_by !== null && <Text span>{texts.by(invited_by)}</Text>}
      <Text span>{texts.asRole[role]}</Text>
      <Text span>{texts.forAddress(email)}</Text>
    </Stack>
  )
}
