// Team: members and their roles, and invitations that wait. For owners.
import { UserPlusIcon } from '@heroicons/react/24/outline'
import { Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Invitation } from '../../accounts/auth-calls.ts'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { InvitationList } from './invitation-list.tsx'
import { InviteModal } from './invite-modal.tsx'
import { LinkModal } from './link-modal.tsx'
import { MemberList } from './member-list.tsx'
import { RoleGuide } from './role-guide.tsx'
import { teamTexts } from './texts.ts'
import { useTeam } from './use-team.ts'

const ICON_PX = 18
const ROW_PX = 64

/** Shows the team to those who may change it. */
export function TeamPage() {
  const texts = useTexts(teamTexts)
  const { may } = useGround()
  const acts = useTeam()
  const [inviting, { open, close }] = useDisclosure()
  const [made, setMade] = useState<Invitation | null>(null)
  const tellMade = (invitation: Invitation) => {
    const { email, link = null, mailed } = invitation
    if (link !== null) setMade(invitation)
    else if (mailed) notifications.show({ message: texts.sent(email) })
    else notifications.show({ message: texts.notSent(email), color: 'red', autoClose: false })
  }
  if (!may('team')) {
    return (
      <>
        <PageHeader title={texts.title} about={texts.about} />
        <ForbiddenState />
      </>
    )
  }
  const { team } = acts
  const invite = (
    <Button leftSection={<UserPlusIcon width={ICON_PX} aria-hidden />} onClick={open}>
      {texts.invite}
    </Button>
  )
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} actions={invite} />
      {team.data === undefined ? (
        <Unanswered query={team} waiting={<LoadingRows rows={3} height={ROW_PX} />} />
      ) : (
        <Stack gap="xl">
          <MemberList members={team.data.members} acts={acts} />
          <InvitationList invitations={team.data.invitations} acts={acts} onMade={tellMade} />
          <RoleGuide />
        </Stack>
      )}
      <InviteModal opened={inviting} onClose={close} acts={acts} onMade={tellMade} />
      <LinkModal invitation={made} onClose={() => setMade(null)} />
    </>
  )
}
