// The members: a role for each, and the way out.
import { Badge, Button, Card, Group, NativeSelect, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Member } from '../../accounts/auth-calls.ts'
import type { Role } from '../../api/session.ts'
import { useGround } from '../../api/side.tsx'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { useProblemText } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { ROLES } from './role-guide.tsx'
import classes from './team.module.css'
import { teamTexts } from './texts.ts'
import type { TeamActs } from './use-team.ts'

type Question = { member: Member; about: 'removal' } | { member: Member; about: 'own_role'; role: Role }

/** Asks before what cannot be taken back: a removal, and giving up one's own ownership. */
export function MemberList({ members, acts }: { members: readonly Member[]; acts: TeamActs }) {
  const texts = useTexts(teamTexts)
  const { roles } = useTexts(shellTexts)
  const [question, setQuestion] = useState<Question | null>(null)
  const roleProblem = useProblemText(acts.changeRole.error)
  const owners = members.filter(({ role }) => role === 'owner').length

  async function changeRole(member: Member, role: Role) {
    await acts.changeRole.mutateAsync({ member, role })
    notifications.show({ message: texts.roleChanged(member.name, roles[role]) })
  }
  function askRole(member: Member, role: Role) {
    if (role === member.role) return
    if (member.is_you) setQuestion({ member, about: 'own_role', role })
    // What went wrong stands in the row.
    else void changeRole(member, role).catch(() => undefined)
  }
  const failedId = acts.changeRole.isError ? acts.changeRole.variables.member.id : null
  return (
    <section aria-labelledby="members">
      <Title order={2} size="h4" mb="sm" id="members">
        {texts.members}
      </Title>
      <Card withBorder padding={0}>
        <ul className={classes.list}>
          {members.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              isLastOwner={member.role === 'owner' && owners === 1}
              isBusy={acts.changeRole.isPending && acts.changeRole.variables.member.id === member.id}
              problem={member.id === failedId ? roleProblem : null}
              onRole={(role) => askRole(member, role)}
              onRemove={() => setQuestion({ member, about: 'removal' })}
            />
          ))}
        </ul>
      </Card>
      <MemberQuestion
        question={question}
        acts={acts}
        changeRole={changeRole}
        onClose={() => setQuestion(null)}
      />
    </section>
  )
}

function MemberRow(props: {
  member: Member
  isLastOwner: boolean
  isBusy: boolean
  problem: string | null
  onRole(role: Role): void
  onRemove(): void
}) {
  const { member, isLastOwner, isBusy, problem, onRole, onRemove } = props
  const texts = useTexts(teamTexts)
  const { roles } = useTexts(shellTexts)
  return (
    <li className={classes.row}>
      <div>
        <Group gap="xs">
          <Text fw={500}>{member.name}</Text>
          {member.is_you && (
            <Badge variant="light" color="gray" tt="none">
              {texts.you}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {member.email}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.joined} <Time iso={member.joined_at} inherit /> · {texts.twoFactor}:{' '}
          {member.two_factor_enabled ? texts.on : texts.off}
        </Text>
        {isLastOwner && (
          <Text size="xs" c="dimmed">
            {texts.lastOwner}
          </Text>
        )}
        {problem !== null && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
      </div>
      <div className={classes.acts}>
        <NativeSelect
          size="sm"
          aria-label={texts.roleOf(member.name)}
          value={member.role}
          disabled={isLastOwner || isBusy}
          onChange={(event) => {
            const role = ROLES.find((known) => known === event.currentTarget.value)
            if (role !== undefined) onRole(role)
          }}
          data={ROLES.map((role) => ({ value: role, label: roles[role] }))}
        />
        <Button
          variant="default"
          disabled={isLastOwner}
          onClick={onRemove}
          aria-label={member.is_you ? texts.leave : texts.removeOf(member.name)}
        >
          {member.is_you ? texts.leave : texts.remove}
        </Button>
      </div>
    </li>
  )
}

function MemberQuestion(props: {
  question: Question | null
  acts: TeamActs
  changeRole(member: Member, role: Role): Promise<void>
  onClose(): void
}) {
  const { question, acts, changeRole, onClose } = props
  const texts = useTexts(teamTexts)
  const { merchant } = useGround()
  if (question === null) return null
  const { member } = question
  function close() {
    acts.remove.reset()
    acts.changeRole.reset()
    onClose()
  }
  if (question.about === 'own_role') {
    return (
      <ConfirmModal
        opened
        title={texts.ownRoleTitle}
        text={texts.ownRoleText}
        act={texts.ownRoleAct}
        danger
        busy={acts.changeRole.isPending}
        error={acts.changeRole.error}
        onConfirm={() => void changeRole(member, question.role).then(close, () => undefined)}
        onClose={close}
      />
    )
  }
  return (
    <ConfirmModal
      opened
      title={member.is_you ? texts.leaveTitle(merchant.name) : texts.removeTitle(member.name)}
      text={member.is_you ? texts.leaveText : texts.removeText}
      act={member.is_you ? texts.leave : texts.remove}
      danger
      busy={acts.remove.isPending}
      error={acts.remove.error}
      onConfirm={() =>
        acts.remove.mutate(member, {
          onSuccess() {
            if (!member.is_you) notifications.show({ message: texts.removed(member.name) })
            close()
          },
        })
      }
      onClose={close}
    />
  )
}
