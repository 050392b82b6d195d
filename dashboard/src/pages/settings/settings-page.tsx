// Settings: oneself, the merchant, and alerts by mail.
import { Stack, Tabs } from '@mantine/core'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useSession } from '../../api/session.ts'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { AlertsSection } from './alerts-section.tsx'
import { DevicesSection } from './devices-section.tsx'
import { ForgetSection } from './forget-section.tsx'
import { MerchantSection } from './merchant-section.tsx'
import { MerchantsSection } from './merchants-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { LooksSection, ProfileSection } from './profile-section.tsx'
import { RetentionSection } from './retention-section.tsx'
import classes from './settings.module.css'
import { settingsTexts } from './texts.ts'
import { TwoFactorSection } from './two-factor-section.tsx'
import { useMerchantSettings } from './use-merchant-settings.ts'

const TABS = ['account', 'merchant', 'alerts'] as const
type Tab = (typeof TABS)[number]

const SECTION_PX = 320

/** The tab is named in the address, so that it can be linked to. */
export function SettingsPage() {
  const texts = useTexts(settingsTexts)
  const navigate = useNavigate()
  const hash = useRouterState({ select: ({ location }) => location.hash })
  const shown = TABS.find((tab) => tab === hash) ?? 'account'
  return (
    <div className={classes.page}>
      <PageHeader title={texts.title} about={texts.about} />
      <Tabs
        value={shown}
        keepMounted={false}
        onChange={(tab) =>
          void navigate({ to: '/settings', hash: tab ?? '', replace: true, hashScrollIntoView: false })
        }
      >
        <Tabs.List mb="lg">
          {TABS.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {texts[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="account">
          <AccountTab />
        </Tabs.Panel>
        <Tabs.Panel value="merchant">
          <MerchantTab tab="merchant" />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <MerchantTab tab="alerts" />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

function AccountTab() {
  const { data: session } = useSession()
  // The shell shows no page without one; it is gone for a moment as somebody signs out.
  if (session === undefined || session === null) return null
  return (
    <Stack gap="lg">
      <ProfileSection user={session.user} />
      <LooksSection />
      <PasswordSection user={session.user} />
      <TwoFactorSection user={session.user} />
      <DevicesSection />
      <MerchantsSection session={session} />
    </Stack>
  )
}

function MerchantTab({ tab }: { tab: Exclude<Tab, 'account'> }) {
  const { may } = useGround()
  const { settings, save } = useMerchantSettings()
  if (!may('settings')) return <ForbiddenState />
  if (settings.data === undefined) {
    return <Unanswered query={settings} waiting={<LoadingRows rows={2} height={SECTION_PX} />} />
  }
  if (tab === 'alerts') return <AlertsSection settings={settings.data} save={save} />
  return (
    <Stack gap="lg">
      <MerchantSection settings={settings.data} save={save} />
      <RetentionSection settings={settings.data} save={save} />
      <ForgetSection />
    </Stack>
  )
}
