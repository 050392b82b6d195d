// `/dashboard/team`: who works for a merchant. For owners; and everybody may leave.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import type { Admission } from '../../accounts/attempt-limits.ts'
import { parseEmail } from '../../accounts/email-address.ts'
import { cancelInvitation, type Invitation, listWaitingInvitations } from '../../accounts/invitation-store.ts'
import { type InviteResult, invite, WAITING_MAX } from '../../accounts/invitations.ts'
import { findMember, listMembers, type Member } from '../../accounts/member-store.ts'
import { changeRole, removeMember, type TeamChange } from '../../accounts/team.ts'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import { prefixedId, type Uuid } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { ROLES } from '../../merchants/roles.ts'
import { AccountError } from '../account-error.ts'
import { auditOrigin } from '../audit-origin.ts'
import { tooMany } from '../auth/auth-call.ts'
import { readFields } from '../field-reader.ts'
import { choiceOf, textOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { merchantHeader, principalOfSession } from '../session-principal.ts'
import { found, notFound, pathId } from '../v1/path-id.ts'
import { invalidFields } from '../v1/settings-request.ts'

type Admitted = Extract<Admission, { ok: true }>

const HIDDEN = { schema: { hide: true } }
const EMAIL_LENGTH_MAX = 300
const ROLE_LENGTH_MAX = 20

/** Adds the routes. */
export function teamRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  app.get('/team', HIDDEN, async (request) => {
    const owner = await requireOwner(accounts, request)
    const page = { now: new Date(accounts.clock.now()), limit: WAITING_MAX }
    const [members, invitations] = await Promise.all([
      listMembers(accounts, owner.merchantId),
      listWaitingInvitations(accounts, owner.merchantId, page),
    ])
    return {
      members: members.map((member) => memberResource(member, owner.actor.id)),
      invitations: invitations.map(invitationResource),
    }
  })
  invitingRoutes(app, accounts)
  memberRoutes(app, accounts)
}

function invitingRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  app.post('/team/invitations', HIDDEN, async (request, reply) => {
    const owner = await requireOwner(accounts, request)
    const fields = readFields(request.body)
    const email = fields.required('email', textOf({ max: EMAIL_LENGTH_MAX })) ?? ''
    const role = fields.required('role', textOf({ max: ROLE_LENGTH_MAX })) ?? ''
    fields.checkAll()
    const self = found(await findMember(accounts, owner.merchantId, owner.actor.id), 'usr')
    const merchant = { id: owner.merchantId, name: owner.merchantName }
    const invitedBy = { id: self.userId, name: self.name }
    const attempts = await admitInvitation(accounts, request, { from: self.email, to: email })
    const result = await invite(accounts, { merchant, email, role, invitedBy })
    if (result.code !== 'invited') await giveBack(attempts)
    const made = invitedOrThrow(result)
    await record(accounts, request, owner, {
      action: 'member.invited',
      target: { id: prefixedId('inv', made.invitation.id), name: made.invitation.email },
      detail: { role: made.invitation.role },
    })
    // Who accepts by a mailed link has shown that the address is theirs: nobody else is given it.
    const link = accounts.mailer.isSending ? null : made.link
    return reply.code(201).send({ ...invitationResource(made.invitation), link, mailed: made.isMailed })
  })

  app.delete('/team/invitations/:id', HIDDEN, async (request, reply) => {
    const owner = await requireOwner(accounts, request)
    const id = pathId(request, 'inv')
    const now = new Date(accounts.clock.now())
    const email = found(await cancelInvitation(accounts, owner.merchantId, id, now), 'inv')
    const target = { id: prefixedId('inv', id), name: email }
    await record(accounts, request, owner, { action: 'invitation.withdrawn', target })
    return reply.code(204).send()
  })
}

/** Each invitation is a mail to whomever an owner names. */
async function admitInvitation(
  accounts: AccountDeps,
  { ip }: FastifyRequest,
  { from, to }: { from: string; to: string },
): Promise<Admitted[]> {
  const admitted: Admitted[] = []
  for (const attempt of [
    { kind: 'invite', account: from, ip },
    { kind: 'be_invited', account: `${from} ${parseEmail(to) ?? to}`, ip },
  ] as const) {
    const admission = await accounts.admit(attempt)
    if (!admission.ok) {
      await giveBack(admitted)
      throw tooMany(admission.waitMs)
    }
    admitted.push(admission)
  }
  return admitted
}

async function giveBack(admitted: readonly Admitted[]): Promise<void> {
  for (const each of admitted) await each.giveBack()
}

function memberRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  app.patch('/team/members/:id', HIDDEN, async (request) => {
    const owner = await requireOwner(accounts, request)
    const userId = pathId(request, 'usr')
    const fields = readFields(request.body)
    const role = fields.required('role', choiceOf(ROLES))
    fields.checkAll()
    if (role === null) throw new Error('a role that was checked is none')
    const before = changedOrThrow(await changeRole(accounts, owner.merchantId, userId, role))
    await record(accounts, request, owner, {
      action: 'member.role_changed',
      target: { id: prefixedId('usr', userId), name: before.email },
      changes: { role: { from: before.role, to: role } },
    })
    return memberResource({ ...before, role }, owner.actor.id)
  })

  app.delete('/team/members/:id', HIDDEN, async (request, reply) => {
    const principal = await requireMember(accounts, request)
    const userId = pathId(request, 'usr')
    if (userId !== principal.actor.id) refuseOthers(principal)
    const before = changedOrThrow(await removeMember(accounts, principal.merchantId, userId))
    await record(accounts, request, principal, {
      action: 'member.removed',
      target: { id: prefixedId('usr', userId), name: before.email },
      detail: { role: before.role },
    })
    return reply.code(204).send()
  })
}

async function requireMember(accounts: AccountDeps, request: FastifyRequest): Promise<Principal> {
  return principalOfSession(accounts.sessions, request, () => ({
    merchantId: merchantHeader(request),
    live: false,
  }))
}

async function requireOwner(accounts: AccountDeps, request: FastifyRequest): Promise<Principal> {
  const principal = await requireMember(accounts, request)
  refuseOthers(principal)
  return principal
}

/** Throws `forbidden` for whoever is no owner. */
function refuseOthers({ actor }: Principal): void {
  if (actor.kind === 'user' && actor.role === 'owner') return
  throw new HttpError('forbidden', 'Only owners of the merchant see and change its team.')
}

function invitedOrThrow(result: InviteResult): Extract<InviteResult, { code: 'invited' }> {
  if (result.code === 'invalid') throw invalidFields(result.errors)
  if (result.code === 'already_member') {
    throw new AccountError(409, 'already_member', 'Somebody of this address works for the merchant already.')
  }
  if (result.code === 'limit') {
    const text = `${WAITING_MAX} invitations wait for an answer. Withdraw some first.`
    throw new AccountError(409, 'invitation_limit', text)
  }
  return result
}

function changedOrThrow(change: TeamChange): Member {
  if (change.code === 'not_found') throw notFound('usr')
  if (change.code === 'last_owner') {
    throw new AccountError(409, 'last_owner', 'A merchant keeps an owner. Make somebody else one first.')
  }
  return change.before
}

function record(
  accounts: AccountDeps,
  request: FastifyRequest,
  principal: Principal,
  entry: Pick<AuditEntry, 'action' | 'target' | 'changes' | 'detail'>,
): Promise<boolean> {
  return accounts.audit.record({ ...auditOrigin(request, principal), live: null, ...entry })
}

function memberResource(member: Member, ownId: Uuid) {
  return {
    id: prefixedId('usr', member.userId),
    email: member.email,
    name: member.name,
    role: member.role,
    two_factor_enabled: member.twoFactorEnabled,
    joined_at: member.joinedAt.toISOString(),
    is_you: member.userId === ownId,
  }
}

function invitationResource(invitation: Invitation) {
  return {
    id: prefixedId('inv', invitation.id),
    email: invitation.email,
    role: invitation.role,
    invited_by: invitation.invitedBy,
    created_at: invitation.createdAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
  }
}
