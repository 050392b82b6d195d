// Replaces a key by a new one, which works beside it for a while.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/side.tsx'
import { OverlapSelect, USUAL_OVERLAP_S } from '../../developer/overlap-select.tsx'
import type { ApiKey, NewApiKey } from '../../developer/resources.ts'
import { SecretOnce } from '../../developer/secret-once.tsx'
import { useTexts } from '../../texts/language.tsx'
import { Dialog, useHeldOpen } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { apiKeysTexts } from './texts.ts'
import { useApiKeys, useKeysChanged } from './use-api-keys.ts'

const OVERLAP_DAYS_MAX = 14

/** Asks how long the former key is to work on; then shows the new one. Closed without a key. */
export function RotateKeyModal({ apiKey, onClose }: { apiKey: ApiKey | null; onClose(): void }) {
  const texts = useTexts(apiKeysTexts)
  return (
    <Dialog
      opened={apiKey !== null}
      onClose={onClose}
      title={texts.rotateTitle(apiKey?.name ?? '')}
      closeOnClickOutside={false}
    >
      {apiKey !== null && <Rotation apiKey={apiKey} onClose={onClose} />}
    </Dialog>
  )
}

function Rotation({ apiKey, onClose }: { apiKey: ApiKey; onClose(): void }) {
  const texts = useTexts(apiKeysTexts)
  const api = useApi()
  const changed = useKeysChanged()
  const keys = useApiKeys()
  const [overlapS, setOverlapS] = useState(USUAL_OVERLAP_S)
  const rotation = useMutation({
    mutationFn: () => api.post<NewApiKey>(`/v1/api_keys/${apiKey.id}/rotate`, { overlap: overlapS }),
    onSuccess: changed,
  })
  useHeldOpen(rotation.isPending)
  if (rotation.data !== undefined) {
    // It may end earlier than was asked for: by its own date.
    const until = keys.data?.find(({ id }) => id === apiKey.id)?.expires_at ?? null
    return (
      <SecretOnce secret={rotation.data.secret} label={texts.secretLabel} onKept={onClose}>
        {overlapS > 0 && until !== null && (
          <Text size="sm">
            {texts.rotatedText} <Time iso={until} fw={600} inherit />
          </Text>
        )}
      </SecretOnce>
    )
  }
  return (
    <Stack>
      <Text size="sm">{texts.rotateText}</Text>
      <OverlapSelect value={overlapS} maxDays={OVERLAP_DAYS_MAX} onChange={setOverlapS} />
      {rotation.isError && <ErrorState error={rotation.error} title={texts.rotateAct} />}
      <Group justify="flex-end">
        <Button loading={rotation.isPending} onClick={() => rotation.mutate()}>
          {texts.rotateAct}
        </Button>
      </Group>
    </Stack>
  )
}
