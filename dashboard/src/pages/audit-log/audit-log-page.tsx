// Audit log
import { PageHeader } from '../../ui/page-header.tsx'

/** Audit log */
export function AuditLogPage() {
  return <PageHeader title="Audit log" />
}
