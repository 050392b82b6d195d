// Sign up
import { PageHeader } from '../../ui/page-header.tsx'

/** Sign up */
export function SignUpPage() {
  return <PageHeader title="Sign up" />
}
