// Sign in
import { PageHeader } from '../../ui/page-header.tsx'

/** Sign in */
export function SignInPage() {
  return <PageHeader title="Sign in" />
}
