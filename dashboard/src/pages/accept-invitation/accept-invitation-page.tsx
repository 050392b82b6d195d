// Invitation
import { PageHeader } from '../../ui/page-header.tsx'

/** Invitation */
export function AcceptInvitationPage() {
  return <PageHeader title="Invitation" />
}
