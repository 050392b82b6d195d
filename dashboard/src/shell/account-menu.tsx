// Who is signed in, and what is theirs alone: language, theme, the way out.
import { UserCircleIcon } from '@heroicons/react/24/outline'
import { ActionIcon, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useLeave } from '../accounts/use-enter.ts'
import type { Session } from '../api/session.ts'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { ErrorState } from '../ui/states.tsx'
import { shellTexts } from './texts.ts'

const ICON_PX = 24

/** The menu behind the figure at the top. */
export function AccountMenu({ session }: { session: Session }) {
  const texts = useTexts(shellTexts)
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: useLeave(),
    onSuccess: () => navigate({ to: '/sign-in' }),
  })
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.account}>
          <UserCircleIcon width={ICON_PX} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {session.user.name}
          </Text>
          {session.user.email}
        </Menu.Label>
        <Preferences />
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/settings' })}>{texts.settings}</Menu.Item>
        <Menu.Item disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          {texts.signOut}
        </Menu.Item>
        {signOut.isError && <ErrorState error={signOut.error} title={texts.stillSignedIn} />}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The language and the theme; also for pages before the sign-in. */
export function Preferences() {
  const texts = useTexts(shellTexts)
  const { language, setLanguage } = useLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Stack gap="xs" px="sm" py="xs">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={texts.language}
        value={language}
        onChange={(value) => setLanguage(value === 'sw' ? 'sw' : 'en')}
        data={[
          { value: 'en', label: 'English' },
          { value: 'sw', label: 'Kiswahili' },
        ]}
      />
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={texts.theme}
        value={colorScheme}
        onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
        data={[
          { value: 'auto', label: texts.auto },
          { value: 'light', label: texts.light },
          { value: 'dark', label: texts.dark },
        ]}
      />
    </Stack>
  )
}
