// The simulator's page: the phone and the console beside it; or the phone alone, inside of another page.
import { Alert, Box, Container, Group, Text, Title, useMantineColorScheme } from '@mantine/core'
import { Fragment, lazy, Suspense, useEffect, useState } from 'react'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { LoadingRows } from '../ui/states.tsx'
import { Handset } from './handset.tsx'
import type { PageAddress } from './page-address.ts'
import { PhoneControls } from './phone-controls.tsx'
import { FIRST_NUMBER, readPhoneNumber } from './phone-number.ts'
import classes from './phone-page.module.css'
import { PhoneTabs } from './phone-tabs.tsx'
import { Preferences } from './preferences.tsx'
import { phoneTexts } from './texts.ts'
import { useNumbers } from './use-numbers.ts'
import { useWatch } from './use-watch.ts'

const Console = lazy(() => import('./console/console.tsx').then(({ Console }) => ({ default: Console })))

/** The whole page. */
export function PhonePage({ address }: { address: PageAddress }) {
  const texts = useTexts(phoneTexts)
  const { setLanguage } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (address.language !== null) setLanguage(address.language)
    if (address.scheme !== null) setColorScheme(address.scheme)
  }, [address, setLanguage, setColorScheme])
  useEffect(() => {
    document.title = `${texts.title} · Sukuma`
  }, [texts])
  return address.isEmbedded ? <EmbeddedPhone number={address.number} /> : <FullPage asked={address.number} />
}

/** One phone, and nothing else. */
function EmbeddedPhone({ number: asked }: { number: string | null }) {
  const texts = useTexts(phoneTexts)
  const read = readPhoneNumber(asked ?? FIRST_NUMBER)
  if (read.ok) return <OnlyPhone number={read.number} />
  return (
    <Alert color="yellow" m="md" title={texts.wrongAddress(asked ?? '')} component="main">
      {read.why === 'test_number' ? texts.testNumber : texts.numberForm}
    </Alert>
  )
}

function OnlyPhone({ number }: { number: string }) {
  const texts = useTexts(phoneTexts)
  const [ignoredId, setIgnoredId] = useState<string | null>(null)
  const { phones, isConnected } = useWatch([number], false)
  const phone = phones[number]
  return (
    <main className={classes.embedded} aria-label={texts.title}>
      <h1 className={classes.hidden}>{texts.title}</h1>
      <Handset number={number} phone={phone} isConnected={isConnected} ignoredId={ignoredId} fills />
      <PhoneControls phone={phone} ignoredId={ignoredId} setIgnoredId={setIgnoredId} isSmall />
    </main>
  )
}

function FullPage({ asked }: { asked: string | null }) {
  const texts = useTexts(phoneTexts)
  const { numbers, current, choose, add, remove } = useNumbers(asked)
  const [ignoredIds, setIgnoredIds] = useState<Readonly<Record<string, string | null>>>({})
  const ignoredId = ignoredIds[current] ?? null
  const watched = useWatch(numbers, true)
  const phone = watched.phones[current]
  return (
    <Container size="xl" className={classes.page}>
      <Group component="header" justify="space-between" align="flex-start" className={classes.header}>
        <div>
          <Title order={1} size="h3">
            {texts.title}
          </Title>
          <Text c="dimmed" size="sm" visibleFrom="xs">
            {texts.about}
          </Text>
        </div>
        <Box visibleFrom="xs">
          <Preferences />
        </Box>
      </Group>
      <main className={classes.columns}>
        <section className={classes.phone} aria-label={texts.title}>
          <PhoneTabs numbers={numbers} phones={watched.phones} {...{ current, choose, add, remove }} />
          <Fragment key={current}>
            <Handset number={current} phone={phone} isConnected={watched.isConnected} ignoredId={ignoredId} />
            <PhoneControls
              phone={phone}
              ignoredId={ignoredId}
              setIgnoredId={(id) => setIgnoredIds((ids) => ({ ...ids, [current]: id }))}
            />
          </Fragment>
        </section>
        <section className={classes.console}>
          <Suspense fallback={<LoadingRows rows={8} />}>
            <Console watched={watched} />
          </Suspense>
        </section>
      </main>
      {/* On a phone's own screen the virtual phone comes first, and everything else after it. */}
      <Box component="footer" hiddenFrom="xs" p="md">
        <Preferences />
      </Box>
    </Container>
  )
}
