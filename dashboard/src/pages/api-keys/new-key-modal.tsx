// Makes a key, and shows it the one time.
import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useApi, useGround } from '../../api/side.tsx'
import type { NewApiKey, Page, Shortcode } from '../../developer/resources.ts'
import { SecretOnce } from '../../developer/secret-once.tsx'
import { useTexts } from '../../texts/language.tsx'
import { Dialog, useHeldOpen } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { apiKeysTexts } from './texts.ts'
import { useKeysChanged } from './use-api-keys.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const EXPIRY_DAYS = [7, 30, 90, 365]
/** What a shop's server needs, and no more. */
const USUAL_SCOPES = ['payments:write', 'payments:read']

/** Asks what the key is to be; then the key itself, until it is kept. */
export function NewKeyModal({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const texts = useTexts(apiKeysTexts)
  const { mode } = useGround()
  const [made, setMade] = useState<NewApiKey | null>(null)
  const title = made !== null ? texts.madeTitle : mode === 'live' ? texts.createLive : texts.createTest
  function close() {
    setMade(null)
    onClose()
  }
  return (
    <Dialog opened={opened} onClose={close} title={title} size="lg">
      {made === null ? (
        <NewKeyForm onMade={setMade} />
      ) : (
        <SecretOnce secret={made.secret} label={texts.secretLabel} onKept={close} />
      )}
    </Dialog>
  )
}

type Wish = { name: string; scopes: string[]; shortcode: string; expires_at: string }

/** `expires_at` of the form is in days from now. */
function bodyOf(wish: Wish): object {
  const days = Number(wish.expires_at)
  return {
    name: wish.name.trim(),
    scopes: wish.scopes,
    ...(wish.shortcode === '' ? {} : { shortcode: wish.shortcode }),
    ...(days > 0 ? { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() } : {}),
  }
}

function NewKeyForm({ onMade }: { onMade(key: NewApiKey): void }) {
  const texts = useTexts(apiKeysTexts)
  const api = useApi()
  const changed = useKeysChanged()
  const { scopes, shortcodes } = useChoices()
  const form = useForm<Wish>({
    initialValues: { name: '', scopes: USUAL_SCOPES, shortcode: '', expires_at: '' },
    validate: {
      name: (name) => (name.trim() === '' ? texts.nameMissing : null),
      scopes: (chosen) => (chosen.length === 0 ? texts.scopesMissing : null),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async (wish) => {
    const key = await api.post<NewApiKey>('/v1/api_keys', bodyOf(wish))
    onMade(key)
    await changed()
  })
  useHeldOpen(isBusy)
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <SideNote />
        <TextInput
          label={texts.name}
          description={texts.nameHint}
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Checkbox.Group label={texts.scopes} required {...form.getInputProps('scopes')}>
          <Stack gap="xs" mt="xs">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={texts.scopeTexts[scope] ?? scope}
                description={scope}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <NativeSelect
            label={texts.shortcode}
            data={[{ value: '', label: texts.anyShortcode }, ...shortcodes]}
            {...form.getInputProps('shortcode')}
          />
          <NativeSelect
            label={texts.expires}
            data={[
              { value: '', label: texts.never },
              ...EXPIRY_DAYS.map((days) => ({ value: String(days), label: texts.expiryChoice(days) })),
            ]}
            {...form.getInputProps('expires_at')}
          />
        </Group>
        {error !== null && <ErrorState error={error} title={texts.make} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {texts.make}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Of which world the key will be. */
function SideNote() {
  const texts = useTexts(apiKeysTexts)
  const { mode } = useGround()
  return (
    <Alert color={mode === 'live' ? 'red' : 'yellow'} variant="light" p="xs">
      <Text size="sm">{mode === 'live' ? texts.sideLive : texts.sideTest}</Text>
    </Alert>
  )
}

/** What can be given to a key: no more than the one who makes it has. */
function useChoices(): { scopes: string[]; shortcodes: { value: string; label: string }[] } {
  const api = useApi()
  const account = useQuery({
    queryKey: api.key('account'),
    queryFn: () => api.get<{ scopes: string[] }>('/v1/account'),
    staleTime: 60_000,
  })
  const shortcodes = useQuery({
    queryKey: api.key('shortcodes'),
    queryFn: () => api.get<Page<Shortcode>>('/v1/shortcodes?limit=100'),
  })
  return {
    scopes: account.data?.scopes ?? USUAL_SCOPES,
    shortcodes: (shortcodes.data?.data ?? []).map(({ id, number, till_number, environment }) => ({
      value: id,
      label: `${till_number ?? number} (${environment})`,
    })),
  }
}
