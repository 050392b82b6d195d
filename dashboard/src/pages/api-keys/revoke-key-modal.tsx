// Ends a key, once its name was typed.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/side.tsx'
import type { ApiKey } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { apiKeysTexts } from './texts.ts'
import { useKeysChanged } from './use-api-keys.ts'

/** Closed without a key. */
export function RevokeKeyModal({ apiKey, onClose }: { apiKey: ApiKey | null; onClose(): void }) {
  const texts = useTexts(apiKeysTexts)
  return (
    <Dialog opened={apiKey !== null} onClose={onClose} title={texts.revokeTitle(apiKey?.name ?? '')}>
      {apiKey !== null && <Revocation apiKey={apiKey} onClose={onClose} />}
    </Dialog>
  )
}

function Revocation({ apiKey, onClose }: { apiKey: ApiKey; onClose(): void }) {
  const texts = useTexts(apiKeysTexts)
  const shared = useTexts(uiTexts)
  const api = useApi()
  const changed = useKeysChanged()
  const [typed, setTyped] = useState('')
  const revocation = useMutation({
    mutationFn: () => api.remove(`/v1/api_keys/${apiKey.id}`),
    async onSuccess() {
      await changed()
      onClose()
    },
  })
  const isRight = typed.trim() === apiKey.name
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight) revocation.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{texts.revokeText}</Text>
        <TextInput
          label={texts.keyName}
          placeholder={apiKey.name}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {revocation.isError && <ErrorState error={revocation.error} title={texts.revokeAct} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" color="red" disabled={!isRight} loading={revocation.isPending}>
            {texts.revokeAct}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
