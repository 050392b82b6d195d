// Overview
import { PageHeader } from '../../ui/page-header.tsx'

/** Overview */
export function OverviewPage() {
  return <PageHeader title="Overview" />
}
