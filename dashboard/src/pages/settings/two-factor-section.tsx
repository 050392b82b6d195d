// Two-factor sign-in: on, off, and new recovery codes. Each step stands where the one before it stood.
import { Alert, Badge, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { postAuth, type TwoFactorStart } from '../../accounts/auth-calls.ts'
import { SESSION_KEY, type Session } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { DEVICES_KEY } from './devices-section.tsx'
import { PasswordQuestion } from './password-question.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { ScanStep } from './scan-step.tsx'
import { Section } from './section.tsx'
import { twoFactorTexts } from './two-factor-texts.ts'

type Stage =
  | { at: 'rest' }
  | { at: 'password'; act: 'enable' | 'disable' | 'codes' }
  | { at: 'scan'; start: TwoFactorStart }
  | { at: 'codes'; codes: readonly string[] }

const REST: Stage = { at: 'rest' }

/** Of the one who is signed in. */
export function TwoFactorSection({ user }: { user: Session['user'] }) {
  const texts = useTexts(twoFactorTexts)
  const [stage, setStage] = useState<Stage>(REST)
  const queries = useQueryClient()
  const isOn = user.two_factor_enabled

  async function refresh() {
    await queries.invalidateQueries({ queryKey: SESSION_KEY })
    // The gateway gives this device a new session whenever this changes.
    await queries.invalidateQueries({ queryKey: DEVICES_KEY })
  }
  async function enable(password: string) {
    setStage({ at: 'scan', start: await postAuth<TwoFactorStart>('/two-factor/enable', { password }) })
  }
  async function makeCodes(password: string) {
    const { backupCodes } = await postAuth<TwoFactorStart>('/two-factor/generate-backup-codes', { password })
    setStage({ at: 'codes', codes: backupCodes })
  }
  async function disable(password: string) {
    await postAuth('/two-factor/disable', { password })
    await refresh()
    setStage(REST)
    notifications.show({ message: texts.turnedOff })
  }
  async function confirmed(codes: readonly string[]) {
    setStage({ at: 'codes', codes })
    await refresh()
    notifications.show({ message: texts.turnedOn })
  }

  const question = { onCancel: () => setStage(REST) }
  return (
    <Section title={texts.title} about={texts.about} aside={<StateBadge isOn={isOn} />}>
      {stage.at === 'rest' && <Acts user={user} onStage={setStage} />}
      {stage.at === 'password' && stage.act === 'enable' && (
        <PasswordQuestion {...question} email={user.email} act={texts.goOn} onPassword={enable} />
      )}
      {stage.at === 'password' && stage.act === 'codes' && (
        <PasswordQuestion {...question} email={user.email} act={texts.newCodes} onPassword={makeCodes}>
          <Text size="sm">{texts.newCodesText}</Text>
        </PasswordQuestion>
      )}
      {stage.at === 'password' && stage.act === 'disable' && (
        <PasswordQuestion {...question} email={user.email} act={texts.turnOff} onPassword={disable} danger>
          <Text size="sm">{texts.offText}</Text>
        </PasswordQuestion>
      )}
      {stage.at === 'scan' && (
        <ScanStep
          totpUri={stage.start.totpURI}
          onConfirmed={() => confirmed(stage.start.backupCodes)}
          onCancel={() => setStage(REST)}
        />
      )}
      {stage.at === 'codes' && <RecoveryCodes codes={stage.codes} onKept={() => setStage(REST)} />}
    </Section>
  )
}

function StateBadge({ isOn }: { isOn: boolean }) {
  const texts = useTexts(twoFactorTexts)
  return (
    <Badge variant="light" color={isOn ? 'green' : 'gray'} tt="none" style={{ flexShrink: 0 }}>
      {isOn ? texts.isOn : texts.isOff}
    </Badge>
  )
}

function Acts({ user, onStage }: { user: Session['user']; onStage(stage: Stage): void }) {
  const texts = useTexts(twoFactorTexts)
  if (!user.has_password) {
    return (
      <Alert color="gray" variant="light">
        {texts.needsPassword}
      </Alert>
    )
  }
  if (!user.two_factor_enabled) {
    return (
      <Group>
        <Button onClick={() => onStage({ at: 'password', act: 'enable' })}>{texts.turnOn}</Button>
      </Group>
    )
  }
  return (
    <Group>
      <Button variant="default" onClick={() => onStage({ at: 'password', act: 'codes' })}>
        {texts.newCodes}
      </Button>
      <Button variant="default" onClick={() => onStage({ at: 'password', act: 'disable' })}>
        {texts.turnOff}
      </Button>
    </Group>
  )
}
