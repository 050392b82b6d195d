// The entries: what was done and by whom at once, the rest behind a button.
import { Badge, Button, Card, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useId } from 'react'
import { deviceName } from '../../accounts/device-name.ts'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { Time } from '../../ui/time.tsx'
import { actionTexts } from './action-texts.ts'
import { useActorName } from './actor-name.ts'
import classes from './audit-log.module.css'
import { ChangeList, EntryDetails } from './entry-details.tsx'
import { auditTexts } from './texts.ts'
import type { AuditEntry } from './use-audit-log.ts'

/** Newest first. */
export function EntryList({ entries }: { entries: readonly AuditEntry[] }) {
  const texts = useTexts(auditTexts)
  return (
    <Card withBorder padding={0}>
      <ol className={classes.list} aria-label={texts.entries}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </Card>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const texts = useTexts(auditTexts)
  const actions = useTexts(actionTexts)
  const [opened, { toggle }] = useDisclosure()
  const detailsId = useId()
  const { action, target } = entry
  const what = actions[action] ?? action
  // Of what one does to oneself, one's name is said once.
  const onWhat = target === null || target.name === entry.actor.name ? null : (target.name ?? target.id)
  return (
    <li className={classes.entry}>
      <div className={classes.head}>
        <Group gap="xs">
          <Text fw={600}>{what}</Text>
          {onWhat !== null && <Text>{onWhat}</Text>}
          <SideBadge live={entry.live} />
        </Group>
        <Text size="sm" c="dimmed">
          <Time iso={entry.at} inherit />
        </Text>
      </div>
      <div className={classes.head}>
        <ByWhom entry={entry} />
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-expanded={opened}
          aria-controls={detailsId}
          aria-label={`${opened ? texts.less : texts.more}: ${what}, ${texts.number} ${entry.sequence}`}
          onClick={toggle}
        >
          {opened ? texts.less : texts.more}
        </Button>
      </div>
      {entry.changes.length > 0 && <ChangeList changes={entry.changes} />}
      <div id={detailsId} hidden={!opened}>
        {opened && <EntryDetails entry={entry} />}
      </div>
    </li>
  )
}

function ByWhom({ entry: { actor, ip, user_agent } }: { entry: AuditEntry }) {
  const actorName = useActorName()
  const { roles } = useTexts(shellTexts)
  const role = Object.entries(roles).find(([name]) => name === actor.role)?.[1]
  const device = actor.kind === 'user' ? deviceName(user_agent) : null
  const parts = [role, device, ip].filter((part) => part !== null && part !== undefined)
  return (
    <Text size="sm" c="dimmed">
      {[actorName(actor), ...parts].join(' · ')}
    </Text>
  )
}

function SideBadge({ live }: { live: boolean | null }) {
  const texts = useTexts(auditTexts)
  if (live === null) return null
  return (
    <Badge variant="light" color={live ? 'red' : 'yellow'} tt="none">
      {live ? texts.live : texts.test}
    </Badge>
  )
}
