// The devices that are signed in, and how each is signed out.
import { Badge, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { callAway, type DeviceSession, listDeviceSessions } from '../../accounts/auth-calls.ts'
import { deviceName } from '../../accounts/device-name.ts'
import { useLeave } from '../../accounts/use-enter.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { LoadingRows, Unanswered } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { accountSettingsTexts } from './account-texts.ts'
import { Section } from './section.tsx'
import classes from './settings.module.css'

export const DEVICES_KEY = ['devices'] as const

const ROW_PX = 64

/** Ends other sessions: one by its id, or with nothing all of them. */
function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (which: string) => callAway(`/dashboard/sessions${which}`, { method: 'DELETE' }),
    onSettled: () => queries.invalidateQueries({ queryKey: DEVICES_KEY }),
  })
}

const endEverywhere = () => callAway('/dashboard/sessions?current=true', { method: 'DELETE' })

/** This device first. */
export function DevicesSection() {
  const texts = useTexts(accountSettingsTexts)
  const devices = useQuery({ queryKey: DEVICES_KEY, queryFn: listDeviceSessions })
  const signOut = useSignOut()
  const everywhere = useMutation({ mutationFn: useLeave(endEverywhere) })
  const [asked, setAsked] = useState(false)
  const shown = [...(devices.data ?? [])].sort((a, b) => Number(b.current) - Number(a.current))
  const others = shown.filter(({ current }) => !current)
  return (
    <Section title={texts.devices} about={texts.devicesAbout}>
      {devices.data === undefined && (
        <Unanswered query={devices} waiting={<LoadingRows rows={2} height={ROW_PX} />} />
      )}
      <AccountProblem error={signOut.error} />
      <ul className={classes.list}>
        {shown.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            isBusy={signOut.isPending}
            onEnd={() =>
              signOut.mutate(`/${device.id}`, {
                onSuccess: () => notifications.show({ message: texts.ended }),
              })
            }
          />
        ))}
      </ul>
      <Group>
        <Button
          variant="default"
          disabled={others.length === 0}
          loading={signOut.isPending && signOut.variables === ''}
          onClick={() => signOut.mutate('')}
        >
          {texts.endAllOthers}
        </Button>
        <Button variant="default" onClick={() => setAsked(true)}>
          {texts.endEverywhere}
        </Button>
      </Group>
      <ConfirmModal
        opened={asked}
        title={texts.everywhereTitle}
        text={texts.everywhereText}
        act={texts.endEverywhere}
        danger
        busy={everywhere.isPending}
        error={everywhere.error}
        onConfirm={() => everywhere.mutate()}
        onClose={() => {
          everywhere.reset()
          setAsked(false)
        }}
      />
    </Section>
  )
}

function DeviceRow(props: { device: DeviceSession; isBusy: boolean; onEnd(): void }) {
  const { device, isBusy, onEnd } = props
  const texts = useTexts(accountSettingsTexts)
  const name = deviceName(device.user_agent) ?? texts.unknownDevice
  return (
    <li className={classes.row}>
      <div>
        <Group gap="xs">
          <Text fw={500} title={device.user_agent ?? undefined}>
            {name}
          </Text>
          {device.current && (
            <Badge variant="light" tt="none">
              {texts.thisDevice}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {texts.lastUsed} <Time iso={device.last_used_at} inherit />
          {device.ip !== null && `, ${texts.from(device.ip)}`}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.signedIn} <Time iso={device.created_at} inherit />
        </Text>
      </div>
      {!device.current && (
        <Button variant="default" size="xs" disabled={isBusy} aria-label={texts.endOf(name)} onClick={onEnd}>
          {texts.end}
        </Button>
      )}
    </li>
  )
}
