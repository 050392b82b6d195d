// The keys of the merchant's servers: made, replaced and ended here.
import { KeyIcon, PlusIcon } from '@heroicons/react/24/outline'
import { Button, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useGround } from '../../api/side.tsx'
import type { ApiKey } from '../../developer/resources.ts'
import { useNow } from '../../developer/use-now.ts'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { KeyCard } from './key-card.tsx'
import { NewKeyModal } from './new-key-modal.tsx'
import { RevokeKeyModal } from './revoke-key-modal.tsx'
import { RotateKeyModal } from './rotate-key-modal.tsx'
import { apiKeysTexts } from './texts.ts'
import { useApiKeys, works } from './use-api-keys.ts'

const ICON_PX = 20
const CARD_PX = 118

/** Every key of this side. */
export function ApiKeysPage() {
  const texts = useTexts(apiKeysTexts)
  const { may, mode } = useGround()
  const [isMaking, setMaking] = useState(false)
  if (!may('keys')) return <Forbidden title={texts.title} />
  const make = (
    <Button leftSection={<PlusIcon width={ICON_PX} aria-hidden />} onClick={() => setMaking(true)}>
      {mode === 'live' ? texts.createLive : texts.createTest}
    </Button>
  )
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} actions={make} />
      <Keys make={make} />
      <NewKeyModal opened={isMaking} onClose={() => setMaking(false)} />
    </>
  )
}

function Forbidden({ title }: { title: string }) {
  return (
    <>
      <PageHeader title={title} />
      <ForbiddenState />
    </>
  )
}

type Chosen = { act: 'rotate' | 'revoke'; key: ApiKey } | null

function Keys({ make }: { make: React.ReactNode }) {
  const texts = useTexts(apiKeysTexts)
  const keys = useApiKeys()
  const nowMs = useNow(5_000)
  const [chosen, setChosen] = useState<Chosen>(null)
  if (keys.data === undefined) {
    return <Unanswered query={keys} waiting={<LoadingRows rows={3} height={CARD_PX} />} />
  }
  const current = keys.data.filter((key) => works(key, nowMs))
  const ended = keys.data.filter((key) => !works(key, nowMs))
  const rotating = chosen?.act === 'rotate' ? chosen.key : null
  const revoking = chosen?.act === 'revoke' ? chosen.key : null
  return (
    <Stack>
      {current.length === 0 && (
        <EmptyState
          icon={<KeyIcon width={40} aria-hidden />}
          title={texts.none}
          text={texts.noneText}
          action={make}
        />
      )}
      {current.map((key) => (
        <KeyCard
          key={key.id}
          apiKey={key}
          onRotate={() => setChosen({ act: 'rotate', key })}
          onRevoke={() => setChosen({ act: 'revoke', key })}
        />
      ))}
      {ended.length > 0 && (
        <Stack component="section" gap="sm" mt="xl" aria-labelledby="ended-keys">
          <Title order={2} size="h4" id="ended-keys">
            {texts.ended}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.endedText}
          </Text>
          {ended.map((key) => (
            <KeyCard key={key.id} apiKey={key} />
          ))}
        </Stack>
      )}
      <RotateKeyModal apiKey={rotating} onClose={() => setChosen(null)} />
      <RevokeKeyModal apiKey={revoking} onClose={() => setChosen(null)} />
    </Stack>
  )
}
