// The first step: a key, made here and kept in this page only.
import { Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { ApiKey, NewApiKey } from '../../developer/resources.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useKeysChanged } from '../api-keys/use-api-keys.ts'
import { startTexts } from './texts.ts'

/** `secret` is the key's text, as far as this page knows it. */
export function KeyStep(props: { known: ApiKey | null; secret: string; onSecret(secret: string): void }) {
  const texts = useTexts(startTexts)
  const { showTyped } = useTexts(developerTexts)
  const api = useApi()
  const changed = useKeysChanged()
  const { known, secret, onSecret } = props
  const making = useMutation({
    mutationFn: () =>
      api.post<NewApiKey>('/v1/api_keys', {
        name: texts.keyName,
        scopes: ['payments:write', 'payments:read'],
      }),
    async onSuccess(key) {
      onSecret(key.secret)
      await changed()
    },
  })
  const isMade = making.data !== undefined
  return (
    <Stack gap="sm" align="stretch">
      {isMade && <CodeBlock code={making.data.secret} label={texts.keyLabel} wraps />}
      {isMade && <Text size="sm">{texts.keyHere}</Text>}
      {!isMade && known !== null && (
        <>
          <Text size="sm">
            {texts.keyThere} {known.name} <Code>sk_test_…{known.hint}</Code>
          </Text>
          <PasswordInput
            label={texts.keyLabel}
            description={texts.keyPaste}
            autoComplete="off"
            value={secret}
            visibilityToggleButtonProps={{ 'aria-label': showTyped, tabIndex: 0 }}
            onChange={(event) => onSecret(event.currentTarget.value.trim())}
            maw={480}
          />
        </>
      )}
      {making.isError && <ErrorState error={making.error} title={texts.keyAct} />}
      {!isMade && (
        <Group>
          <Button
            variant={known === null ? 'filled' : 'default'}
            size={known === null ? 'sm' : 'xs'}
            loading={making.isPending}
            onClick={() => making.mutate()}
          >
            {known === null ? texts.keyAct : texts.keyAnother}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
