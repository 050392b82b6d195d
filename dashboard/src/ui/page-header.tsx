// The top of every page: what it is, and what can be done here.
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

/** A page's title, which is the window's as well, with one sentence about it and its main acts. */
export function PageHeader(props: { title: string; about?: string; actions?: ReactNode }) {
  const { title, about, actions } = props
  useEffect(() => {
    document.title = `${title} · Sukuma`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <Stack gap={4} style={{ flex: '1 1 16rem' }}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {about !== undefined && <Text c="dimmed">{about}</Text>}
      </Stack>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </Group>
  )
}
