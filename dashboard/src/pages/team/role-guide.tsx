// What each role may do, in words.
import { Card, SimpleGrid, Text, Title } from '@mantine/core'
import type { Role } from '../../api/session.ts'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { teamTexts } from './texts.ts'

/** Every role, the widest first. */
export const ROLES: readonly Role[] = ['owner', 'developer', 'support']

/** The three of them side by side. */
export function RoleGuide() {
  const texts = useTexts(teamTexts)
  const { roles } = useTexts(shellTexts)
  return (
    <section aria-labelledby="role-guide">
      <Title order={2} size="h4" mb="sm" id="role-guide">
        {texts.roles}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {ROLES.map((role) => (
          <Card key={role} withBorder padding="md">
            <Text fw={600} size="sm">
              {roles[role]}
            </Text>
            <Text size="sm" c="dimmed">
              {texts.roleTexts[role]}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </section>
  )
}
