// One part of the settings: what it is about, and its form.
import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A card with a heading; `aside` stands beside it. */
export function Section(props: { title: string; about?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={2} size="h4" id={id}>
              {props.title}
            </Title>
            {props.about !== undefined && (
              <Text size="sm" c="dimmed">
                {props.about}
              </Text>
            )}
          </div>
          {props.aside}
        </Group>
        {props.children}
      </Stack>
    </Card>
  )
}
