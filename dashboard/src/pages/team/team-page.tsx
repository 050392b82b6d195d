// Team
import { PageHeader } from '../../ui/page-header.tsx'

/** Team */
export function TeamPage() {
  return <PageHeader title="Team" />
}
