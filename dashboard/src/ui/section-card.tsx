// A part of a page, with its name.
import { Card, type CardProps, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A card with a heading, one sentence about it, and its acts. */
export function SectionCard(
  props: { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode } & CardProps,
) {
  const { title, about, actions, children, ...rest } = props
  const id = useId()
  return (
    <Card withBorder component="section" aria-labelledby={id} {...rest}>
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <Stack gap={2} miw={0}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {about !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </Card>
  )
}
