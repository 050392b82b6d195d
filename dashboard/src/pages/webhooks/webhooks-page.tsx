// Webhooks
import { PageHeader } from '../../ui/page-header.tsx'

/** Webhooks */
export function WebhooksPage() {
  return <PageHeader title="Webhooks" />
}
