// What the surfaces of accounts work with.
import type { AuditLog } from '../audit/audit-log.ts'
import type { AdmitAttempt } from './attempt-limits.ts'
import type { AuthServer } from './auth-server.ts'
import type { InvitationDeps } from './invitations.ts'
import type { SessionAuthenticator } from './session-authenticator.ts'
import type { SignUpDeps } from './sign-up.ts'

/** Everything about accounts, wired. */
export type AccountDeps = SignUpDeps &
  InvitationDeps & {
    sessions: SessionAuthenticator
    auth: AuthServer
    admit: AdmitAttempt
    audit: Pick<AuditLog, 'record' | 'later'>
  }
