// First minute
import { PageHeader } from '../../ui/page-header.tsx'

/** First minute */
export function StartPage() {
  return <PageHeader title="First minute" />
}
