// The paybills and tills that the merchant is paid through.
import { BuildingStorefrontIcon, PlusIcon } from '@heroicons/react/24/outline'
import { Anchor, Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useGround } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { CredentialBadge } from './credential-badge.tsx'
import { shortcodesTexts } from './texts.ts'
import { useShortcodes } from './use-shortcodes.ts'

const ICON_PX = 20
const CARD_PX = 96

/** Every shortcode of this side. */
export function ShortcodesPage() {
  const texts = useTexts(shortcodesTexts)
  const { may } = useGround()
  if (!may('shortcodes')) {
    return (
      <>
        <PageHeader title={texts.title} />
        <ForbiddenState />
      </>
    )
  }
  const add = (
    <Button
      renderRoot={(props) => <Link to="/shortcodes/new" {...props} />}
      leftSection={<PlusIcon width={ICON_PX} aria-hidden />}
    >
      {texts.add}
    </Button>
  )
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} actions={add} />
      <Shortcodes add={add} />
    </>
  )
}

function Shortcodes({ add }: { add: ReactNode }) {
  const texts = useTexts(shortcodesTexts)
  const shortcodes = useShortcodes()
  if (shortcodes.data === undefined) {
    return <Unanswered query={shortcodes} waiting={<LoadingRows rows={3} height={CARD_PX} />} />
  }
  if (shortcodes.data.length === 0) {
    return (
      <EmptyState
        icon={<BuildingStorefrontIcon width={40} aria-hidden />}
        title={texts.none}
        text={texts.noneText}
        action={add}
      />
    )
  }
  return (
    <Stack>
      {shortcodes.data.map((shortcode) => (
        <ShortcodeCard key={shortcode.id} shortcode={shortcode} />
      ))}
    </Stack>
  )
}

function ShortcodeCard({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodesTexts)
  const { kinds, environments } = useTexts(developerTexts)
  const { kind, number, till_number: till, environment, credentials } = shortcode
  const name = `${kinds[kind]} ${till ?? number}`
  return (
    <Card withBorder component="article" aria-label={name}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Anchor
            fw={600}
            renderRoot={(props) => <Link to="/shortcodes/$id" params={{ id: shortcode.id }} {...props} />}
          >
            {name}
          </Anchor>
          <Group gap="xs">
            <Badge variant="default" size="sm" tt="none">
              {environments[environment]}
            </Badge>
            {till !== null && (
              <Text size="sm" c="dimmed">
                {texts.store} {number}
              </Text>
            )}
          </Group>
          {credentials.status === 'accepted' && (
            <Text size="sm" c="dimmed">
              {texts.checked} <Time iso={shortcode.verified_at} inherit />
            </Text>
          )}
          {credentials.status === 'refused' && <Text size="sm">{credentials.detail}</Text>}
        </Stack>
        <CredentialBadge shortcode={shortcode} />
      </Group>
    </Card>
  )
}
