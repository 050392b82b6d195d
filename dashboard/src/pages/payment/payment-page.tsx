// Payment
import { PageHeader } from '../../ui/page-header.tsx'

/** Payment */
export function PaymentPage() {
  return <PageHeader title="Payment" />
}
