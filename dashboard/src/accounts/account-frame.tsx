// The frame of the pages before the sign-in: one card, the language and the theme.
import { Box, Card, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { Preferences } from '../shell/account-menu.tsx'
import { useTexts } from '../texts/language.tsx'
import classes from './account-frame.module.css'
import { accountTexts } from './texts.ts'

const LOGO_PX = 32

/** A page of one card. `title` is the window's as well; `below` stands under the card. */
export function AccountFrame(props: {
  title: string
  about?: ReactNode
  children?: ReactNode
  below?: ReactNode
}) {
  const { title, about, children, below } = props
  const texts = useTexts(accountTexts)
  useEffect(() => {
    document.title = `${title} · Sukuma`
  }, [title])
  return (
    <Box component="main" className={classes.page}>
      <Stack className={classes.column} gap="lg">
        <Group gap="sm" wrap="nowrap">
          <img src="/sukuma.svg" alt="" width={LOGO_PX} height={LOGO_PX} />
          <div>
            <Text fw={700} lh={1.2}>
              Sukuma
            </Text>
            <Text size="sm" c="dimmed">
              {texts.tagline}
            </Text>
          </div>
        </Group>
        <Card withBorder padding="lg" className={classes.card}>
          <Stack gap="md">
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {about !== undefined && (
                <Text c="dimmed" size="sm" mt={4}>
                  {about}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Card>
        {below !== undefined && (
          <Text size="sm" ta="center">
            {below}
          </Text>
        )}
        <Box maw="20rem" w="100%" mx="auto">
          <Preferences />
        </Box>
      </Stack>
    </Box>
  )
}
