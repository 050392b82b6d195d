// The frame around every page of a merchant: who is signed in, which merchant, test or live, and the pages.
import { AppShell, Burger, Center, Group, Loader, NativeSelect, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { type ReactNode, useContext, useEffect } from 'react'
import { LivePaymentsProvider } from '../api/live-payments.tsx'
import { type Session, useSession } from '../api/session.ts'
import { GroundProvider, useGround } from '../api/side.tsx'
import { useTexts } from '../texts/language.tsx'
import { EmptyState, Unanswered } from '../ui/states.tsx'
import { TimeZoneContext } from '../ui/time.tsx'
import { AccountMenu } from './account-menu.tsx'
import { LiveDot } from './live-dot.tsx'
import { ModeBand, ModeSwitch } from './mode-switch.tsx'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'
import { shellTexts } from './texts.ts'
import { useChosenSide } from './use-chosen-side.ts'

const BAND_PX = 30
const BAR_PX = 56
const NAVBAR_PX = 220
/** A merchant moves seldom. */
const ACCOUNT_STALE_MS = 300_000

/** Shows a page inside of the frame, to somebody who is signed in and belongs to a merchant. */
export function Shell() {
  const session = useSession()
  if (session.data === null) return <ToSignIn />
  if (session.data !== undefined) return <Grounded session={session.data} />
  return (
    <Center mih="100vh" p="md" component="main">
      <Unanswered query={session} waiting={<Loader aria-label="Sukuma" />} />
    </Center>
  )
}

/** Once: as the address changes this is drawn again, and must not lead anywhere then. */
function ToSignIn() {
  const navigate = useNavigate()
  const router = useRouter()
  useEffect(() => {
    const { href } = router.state.location
    void navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true })
  }, [navigate, router])
  return null
}

function Grounded({ session }: { session: Session }) {
  const texts = useTexts(shellTexts)
  const { merchant, mode, setMode, setMerchant } = useChosenSide(session.merchants)
  if (merchant === undefined) {
    return (
      <Center mih="100vh" p="md" component="main">
        <EmptyState
          title={texts.noMerchant}
          text={texts.noMerchantText}
          action={<AccountMenu session={session} />}
        />
      </Center>
    )
  }
  return (
    <GroundProvider merchant={merchant} mode={mode} setMode={setMode} setMerchant={setMerchant}>
      <LivePaymentsProvider>
        <MerchantClock>
          <Frame session={session} />
        </MerchantClock>
      </LivePaymentsProvider>
    </GroundProvider>
  )
}

/** Times on every page are the merchant's. */
function MerchantClock({ children }: { children: ReactNode }) {
  const { api } = useGround()
  const { data } = useQuery({
    queryKey: api.key('account'),
    queryFn: () => api.get<{ merchant: { time_zone: string } }>('/v1/account'),
    staleTime: ACCOUNT_STALE_MS,
  })
  const usual = useContext(TimeZoneContext)
  return <TimeZoneContext value={data?.merchant.time_zone ?? usual}>{children}</TimeZoneContext>
}

function Frame({ session }: { session: Session }) {
  const texts = useTexts(shellTexts)
  const { api } = useGround()
  const [opened, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: BAND_PX + BAR_PX }}
      navbar={{ width: NAVBAR_PX, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a href="#page" className={classes.skip}>
        {texts.skip}
      </a>
      <AppShell.Header>
        <ModeBand />
        <Group h={BAR_PX} px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={texts.openNavigation}
              aria-expanded={opened}
            />
            <Text fw={700} visibleFrom="sm" mr="md">
              Sukuma
            </Text>
            <MerchantName session={session} />
          </Group>
          <Group gap="xs" wrap="nowrap" flex="none">
            <LiveDot />
            <ModeSwitch />
            <AccountMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" style={{ overflowY: 'auto' }}>
        <Navigation onChosen={close} />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <div className={classes.page} key={api.key().join(' ')}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

function MerchantName({ session }: { session: Session }) {
  const texts = useTexts(shellTexts)
  const { merchant, setMerchant } = useGround()
  if (session.merchants.length === 1) {
    return (
      <Text size="sm" fw={500} truncate maw={180}>
        {merchant.name}
      </Text>
    )
  }
  return (
    <NativeSelect
      size="xs"
      miw={0}
      maw={180}
      aria-label={texts.merchant}
      value={merchant.id}
      onChange={(event) => setMerchant(event.currentTarget.value)}
      data={session.merchants.map(({ id, name }) => ({ value: id, label: name }))}
    />
  )
}
