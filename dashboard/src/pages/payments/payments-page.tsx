// Payments
import { PageHeader } from '../../ui/page-header.tsx'

/** Payments */
export function PaymentsPage() {
  return <PageHeader title="Payments" />
}
