// The list of pages: those that the reader's role includes.
import {
  ArrowTopRightOnSquareIcon,
  BanknotesIcon,
  BuildingStorefrontIcon,
  ChartBarIcon,
  ClipboardDocumentListIcon,
  Cog6ToothIcon,
  DevicePhoneMobileIcon,
  KeyIcon,
  PaperAirplaneIcon,
  RocketLaunchIcon,
  SignalIcon,
  UsersIcon,
} from '@heroicons/react/24/outline'
import { Divider, NavLink, Stack } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ComponentType, SVGProps } from 'react'
import type { Permission } from '../api/permissions.ts'
import { useDashboardConfig } from '../api/session.ts'
import { useGround } from '../api/side.tsx'
import { useTexts } from '../texts/language.tsx'
import { shellTexts } from './texts.ts'

type Icon = ComponentType<SVGProps<SVGSVGElement>>
type PageName =
  | 'overview'
  | 'payments'
  | 'newPayment'
  | 'start'
  | 'apiKeys'
  | 'webhooks'
  | 'shortcodes'
  | 'team'
  | 'auditLog'
  | 'settings'

const ICON_PX = 20

/** Every page of a merchant; null: everybody's, whatever their role. */
const PAGES: readonly { name: PageName; to: string; icon: Icon; needs: Permission | null }[] = [
  { name: 'overview', to: '/', icon: ChartBarIcon, needs: 'payments:read' },
  { name: 'payments', to: '/payments', icon: BanknotesIcon, needs: 'payments:read' },
  { name: 'newPayment', to: '/payments/new', icon: PaperAirplaneIcon, needs: 'payments:write' },
  { name: 'start', to: '/start', icon: RocketLaunchIcon, needs: 'keys' },
  { name: 'apiKeys', to: '/api-keys', icon: KeyIcon, needs: 'keys' },
  { name: 'webhooks', to: '/webhooks', icon: SignalIcon, needs: 'webhooks' },
  { name: 'shortcodes', to: '/shortcodes', icon: BuildingStorefrontIcon, needs: 'shortcodes' },
  { name: 'team', to: '/team', icon: UsersIcon, needs: 'team' },
  { name: 'auditLog', to: '/audit-log', icon: ClipboardDocumentListIcon, needs: 'audit' },
  { name: 'settings', to: '/settings', icon: Cog6ToothIcon, needs: null },
]

/** The list; `onChosen` closes it where it covers the page. */
export function Navigation({ onChosen }: { onChosen(): void }) {
  const texts = useTexts(shellTexts)
  const { may, mode } = useGround()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { data: config } = useDashboardConfig()
  const phoneUrl = mode === 'test' ? (config?.simulator_url ?? null) : null
  const shown = PAGES.filter(({ needs }) => needs === null || may(needs))
  const current = currentOf(
    path,
    shown.map(({ to }) => to),
  )
  return (
    <Stack gap={2} component="nav" aria-label={texts.navigation}>
      {shown.map(({ name, to, icon: PageIcon }) => (
        <NavLink
          key={to}
          component={Link}
          to={to}
          activeOptions={{ exact: true }}
          label={texts[name]}
          active={to === current}
          aria-current={to === current ? 'page' : undefined}
          leftSection={<PageIcon width={ICON_PX} aria-hidden />}
          onClick={onChosen}
        />
      ))}
      <Divider my="xs" />
      {phoneUrl !== null && (
        <Outside href={phoneUrl} label={texts.virtualPhone} icon={DevicePhoneMobileIcon} />
      )}
      <Outside href="/docs" label={texts.docs} icon={ArrowTopRightOnSquareIcon} />
    </Stack>
  )
}

function Outside({ href, label, icon: OutsideIcon }: { href: string; label: string; icon: Icon }) {
  return (
    <NavLink
      href={href}
      target="_blank"
      rel="noreferrer"
      label={label}
      leftSection={<OutsideIcon width={ICON_PX} aria-hidden />}
    />
  )
}

/** The page whose address is the longest beginning of `path`. */
function currentOf(path: string, addresses: readonly string[]): string | undefined {
  return addresses
    .filter((to) => path === to || (to !== '/' && path.startsWith(`${to}/`)))
    .sort((a, b) => b.length - a.length)[0]
}
