// Webhook
import { PageHeader } from '../../ui/page-header.tsx'

/** Webhook */
export function WebhookPage() {
  return <PageHeader title="Webhook" />
}
