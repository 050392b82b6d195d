// Invitations as those see them who were sent a link.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import { accept, findInvitation } from '../../accounts/invitations.ts'
import { prefixedId } from '../../ids.ts'
import { AccountError } from '../account-error.ts'
import { requireSignedIn } from '../auth/auth.ts'
import { originOf, tooMany } from '../auth/auth-call.ts'
import { readFields } from '../field-reader.ts'
import { found } from '../v1/path-id.ts'

const HIDDEN = { schema: { hide: true } }

/** Adds the routes. */
export function invitationRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  app.get('/invitations/:token', HIDDEN, async (request) => {
    const admission = await admitGuess(accounts, request)
    const invitation = found(await findInvitation(accounts, tokenIn(request)), 'inv')
    await admission.giveBack()
    return {
      merchant: { name: invitation.merchantName },
      email: invitation.email,
      role: invitation.role,
      invited_by: invitation.invitedBy,
      expires_at: invitation.expiresAt.toISOString(),
      has_account: invitation.hasAccount,
    }
  })

  app.post('/invitations/:token/accept', HIDDEN, async (request) => {
    const { session } = await requireSignedIn(accounts, request)
    readFields(request.body ?? {}).checkAll()
    const admission = await admitGuess(accounts, request)
    const accepted = await accept(accounts, tokenIn(request), session)
    if (accepted.code === 'not_found') return found(null, 'inv')
    await admission.giveBack()
    if (accepted.code === 'other_address') {
      throw new AccountError(403, 'invitation_invalid', 'This invitation is for another address.')
    }
    if (accepted.code === 'already_member') {
      throw new AccountError(409, 'already_member', 'You work for this merchant already.')
    }
    const { merchant, role } = accepted
    await accounts.audit.record({
      merchantId: merchant.id,
      live: null,
      actor: { kind: 'user', id: session.userId, email: session.email, role },
      ...originOf(request),
      action: 'member.joined',
      target: { id: prefixedId('usr', session.userId), name: session.email },
      detail: { role },
    })
    return { merchant: { id: prefixedId('mer', merchant.id), name: merchant.name, role } }
  })
}

async function admitGuess(accounts: AccountDeps, request: FastifyRequest) {
  const admission = await accounts.admit({ kind: 'token', ip: request.ip, account: null })
  if (!admission.ok) throw tooMany(admission.waitMs)
  return admission
}

function tokenIn(request: FastifyRequest): string {
  const { params } = request
  const token = typeof params === 'object' && params !== null && 'token' in params ? params.token : ''
  return typeof token === 'string' ? token : ''
}
