// Reset password
import { PageHeader } from '../../ui/page-header.tsx'

/** Reset password */
export function ResetPasswordPage() {
  return <PageHeader title="Reset password" />
}
