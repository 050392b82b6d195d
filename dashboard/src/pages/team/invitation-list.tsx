// Invitations that wait: how long they are good, another mail or a new link, and their end.
import { Button, Card, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import type { Invitation } from '../../accounts/auth-calls.ts'
import { useDashboardConfig } from '../../api/session.ts'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './team.module.css'
import { teamTexts } from './texts.ts'
import type { TeamActs } from './use-team.ts'

/** `onMade` tells what became of one that was made again. */
export function InvitationList(props: {
  invitations: readonly Invitation[]
  acts: TeamActs
  onMade(invitation: Invitation): void
}) {
  const { invitations, acts, onMade } = props
  const texts = useTexts(teamTexts)
  const [asked, setAsked] = useState<Invitation | null>(null)
  return (
    <section aria-labelledby="invitations">
      <Title order={2} size="h4" mb="sm" id="invitations">
        {texts.invitations}
      </Title>
      {invitations.length === 0 ? (
        <Text c="dimmed" size="sm">
          {texts.noInvitations}
        </Text>
      ) : (
        <Card withBorder padding={0}>
          <ul className={classes.list}>
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                acts={acts}
                onMade={onMade}
                onCancel={() => setAsked(invitation)}
              />
            ))}
          </ul>
        </Card>
      )}
      {asked !== null && (
        <ConfirmModal
          opened
          title={texts.cancelTitle(asked.email)}
          text={texts.cancelText}
          act={texts.cancelInvitation}
          danger
          busy={acts.cancel.isPending}
          error={acts.cancel.error}
          onConfirm={() =>
            acts.cancel.mutate(asked, {
              onSuccess() {
                notifications.show({ message: texts.canceled(asked.email) })
                setAsked(null)
              },
            })
          }
          onClose={() => {
            acts.cancel.reset()
            setAsked(null)
          }}
        />
      )}
    </section>
  )
}

function InvitationRow(props: {
  invitation: Invitation
  acts: TeamActs
  onMade(invitation: Invitation): void
  onCancel(): void
}) {
  const { invitation, acts, onMade, onCancel } = props
  const { email, role, invited_by, expires_at } = invitation
  const texts = useTexts(teamTexts)
  const { roles } = useTexts(shellTexts)
  const { data: config } = useDashboardConfig()
  const isOurs = acts.invite.variables?.email === email
  return (
    <li className={classes.row}>
      <div>
        <Text fw={500}>{email}</Text>
        <Text size="sm" c="dimmed">
          {roles[role]}
          {invited_by !== null && `, ${texts.invitedBy(invited_by)}`}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.expires} <Time iso={expires_at} inherit />
        </Text>
        {isOurs && <AccountProblem error={acts.invite.error} />}
      </div>
      <div className={classes.acts}>
        {config !== undefined && (
          <Button
            variant="default"
            aria-label={config.mail ? texts.sendAgainOf(email) : texts.newLinkOf(email)}
            loading={isOurs && acts.invite.isPending}
            onClick={() => acts.invite.mutate({ email, role }, { onSuccess: onMade })}
          >
            {config.mail ? texts.sendAgain : texts.newLink}
          </Button>
        )}
        <Button variant="default" aria-label={texts.cancelOf(email)} onClick={onCancel}>
          {texts.cancelInvitation}
        </Button>
      </div>
    </li>
  )
}
