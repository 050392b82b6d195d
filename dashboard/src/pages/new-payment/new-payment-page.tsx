// New payment
import { PageHeader } from '../../ui/page-header.tsx'

/** New payment */
export function NewPaymentPage() {
  return <PageHeader title="New payment" />
}
