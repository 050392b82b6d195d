// One paybill or till: its credentials, a test push, its limits, and its end.
import { Anchor, Button, Card, Group, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useApi, useGround } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ErrorState, ForbiddenState, Unanswered } from '../../ui/states.tsx'
import { CredentialBadge } from '../shortcodes/credential-badge.tsx'
import { shortcodesTexts } from '../shortcodes/texts.ts'
import { useShortcode, useShortcodesChanged } from '../shortcodes/use-shortcodes.ts'
import { CredentialChange } from './credential-change.tsx'
import { CredentialCheck } from './credential-check.tsx'
import { FailureMeanings } from './failure-meanings.tsx'
import { SendingCard } from './sending-card.tsx'
import { TestPush } from './test-push.tsx'
import { shortcodeTexts } from './texts.ts'

const CARD_PX = 180

/** The shortcode of the address. */
export function ShortcodePage() {
  const texts = useTexts(shortcodeTexts)
  const { may } = useGround()
  const { id } = useParams({ from: '/shell/shortcodes/$id' })
  if (!may('shortcodes')) {
    return (
      <>
        <PageHeader title={texts.title} />
        <ForbiddenState />
      </>
    )
  }
  return (
    <Stack gap="xs">
      <Anchor size="sm" renderRoot={(props) => <Link to="/shortcodes" {...props} />}>
        ← {texts.all}
      </Anchor>
      <Found id={id} />
    </Stack>
  )
}

function Found({ id }: { id: string }) {
  const texts = useTexts(shortcodeTexts)
  const shortcode = useShortcode(id)
  if (shortcode.data !== undefined) return <Shown shortcode={shortcode.data} />
  return (
    <>
      <PageHeader title={texts.title} />
      <Unanswered query={shortcode} waiting={<LoadingShortcode />} />
    </>
  )
}

function LoadingShortcode() {
  return (
    <Stack>
      <Skeleton height={CARD_PX} />
      <Skeleton height={CARD_PX} />
      <Skeleton height={CARD_PX} />
    </Stack>
  )
}

function Shown({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodeTexts)
  const list = useTexts(shortcodesTexts)
  const { kinds, environments } = useTexts(developerTexts)
  const { kind, number, till_number: till, environment } = shortcode
  const store = till === null ? '' : ` · ${list.store} ${number}`
  return (
    <>
      <PageHeader
        title={`${kinds[kind]} ${till ?? number}`}
        about={`${environments[environment]}${store}`}
        actions={<CredentialBadge shortcode={shortcode} />}
      />
      <Stack>
        <Section title={texts.credentials}>
          <CredentialCheck shortcode={shortcode} />
        </Section>
        <Section title={texts.push}>
          <TestPush shortcode={shortcode} />
        </Section>
        <Section title={texts.limits}>
          <SendingCard shortcode={shortcode} />
        </Section>
        <Section title={texts.change}>
          <CredentialChange shortcode={shortcode} />
        </Section>
        <Section title={texts.meanings}>
          <FailureMeanings />
        </Section>
        <Endings shortcode={shortcode} />
      </Stack>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  )
}

function Endings({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodeTexts)
  const api = useApi()
  const changed = useShortcodesChanged()
  const [isAsking, setAsking] = useState(false)
  const change = useMutation({
    mutationFn: (body: { status?: 'enabled' | 'disabled'; pull_transactions?: boolean }) =>
      api.patch(`/v1/shortcodes/${shortcode.id}`, body),
    async onSuccess() {
      await changed()
      setAsking(false)
    },
  })
  const isOn = shortcode.status === 'enabled'
  return (
    <Section title={texts.ending}>
      <Switch
        label={`${texts.pull}: ${texts.pullOn}`}
        description={texts.pullText}
        checked={shortcode.pull_transactions}
        onChange={(event) => change.mutate({ pull_transactions: event.currentTarget.checked })}
      />
      {change.isError && !isAsking && <ErrorState error={change.error} title={texts.ending} />}
      <Group>
        <Button
          size="xs"
          variant={isOn ? 'light' : 'filled'}
          color={isOn ? 'red' : 'sukuma'}
          onClick={() => (isOn ? setAsking(true) : change.mutate({ status: 'enabled' }))}
        >
          {isOn ? texts.disable : texts.enable}
        </Button>
        <Text size="sm" c="dimmed">
          {texts.disableText}
        </Text>
      </Group>
      <ConfirmModal
        opened={isAsking}
        title={texts.disable}
        text={texts.disableText}
        act={texts.disable}
        danger
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ status: 'disabled' })}
        onClose={() => setAsking(false)}
      />
    </Section>
  )
}
