// API keys
import { PageHeader } from '../../ui/page-header.tsx'

/** API keys */
export function ApiKeysPage() {
  return <PageHeader title="API keys" />
}
