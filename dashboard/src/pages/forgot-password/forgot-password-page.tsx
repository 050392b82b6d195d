// Forgot password
import { PageHeader } from '../../ui/page-header.tsx'

/** Forgot password */
export function ForgotPasswordPage() {
  return <PageHeader title="Forgot password" />
}
