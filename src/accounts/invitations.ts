// Inviting people to a merchant, and what becomes of it.

import type { Uuid } from '../ids.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { FieldErrors, SettingsDeps } from '../merchants/merchants.ts'
import { isRole, ROLES, type Role } from '../merchants/roles.ts'
import { EMAIL_HINT, parseEmail } from './email-address.ts'
import {
  acceptInvitation,
  findInvitationByToken,
  type Invitation,
  insertInvitation,
  listWaitingInvitations,
} from './invitation-store.ts'
import { findMember, findMemberByEmail } from './member-store.ts'
import { makeOneTimeToken, readOneTimeToken } from './one-time-token.ts'

/** What invitations are made with. */
export type InvitationDeps = SettingsDeps & { mailer: Mailer; publicUrl(): string }

/** Who is invited, as what; `invitedBy` null: on the command line. */
export type InvitationWish = {
  merchant: { id: Uuid; name: string }
  email: string
  role: string
  invitedBy: { id: Uuid; name: string } | null
}

/** What became of it. The link is for who invites only where no mail was sent. */
export type InviteResult =
  | { code: 'invited'; invitation: Invitation; link: string; isMailed: boolean }
  | { code: 'already_member' }
  | { code: 'limit' }
  | { code: 'invalid'; errors: FieldErrors }

/** Long enough for a holiday weekend, short enough that a link in an old mail opens nothing. */
export const INVITATION_LIFE_MS = 7 * 24 * 60 * 60 * 1_000
/** A team, not a mailing list. */
export const WAITING_MAX = 100

/** Invites somebody; a waiting invitation of the same address is withdrawn. */
export async function invite(deps: InvitationDeps, wish: InvitationWish): Promise<InviteResult> {
  const email = parseEmail(wish.email)
  const { role, merchant } = wish
  const errors: Record<string, string[]> = {}
  if (email === null) errors.email = [EMAIL_HINT]
  if (!isRole(role)) errors.role = [`must be one of ${ROLES.join(', ')}`]
  if (email === null || !isRole(role)) return { code: 'invalid', errors }
  if ((await findMemberByEmail(deps, merchant.id, email)) !== null) return { code: 'already_member' }
  const nowMs = deps.clock.now()
  const page = { now: new Date(nowMs), limit: WAITING_MAX + 1 }
  const waiting = await listWaitingInvitations(deps, merchant.id, page)
  if (waiting.filter((each) => each.email !== email).length >= WAITING_MAX) return { code: 'limit' }
  const token = makeOneTimeToken()
  const made = {
    merchantId: merchant.id,
    id: deps.newUuid(),
    email,
    role,
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + INVITATION_LIFE_MS),
  }
  await insertInvitation(deps, { ...made, invitedBy: wish.invitedBy?.id ?? null, tokenHash: token.hash })
  const link = `${deps.publicUrl()}/accept-invitation/${token.text}`
  const invitation = { ...made, merchantName: merchant.name, invitedBy: wish.invitedBy?.name ?? null }
  const outcome = await deps.mailer.send({ to: email, ...invitationMail(invitation, link) })
  return { code: 'invited', invitation, link, isMailed: outcome.code === 'sent' }
}

function invitationMail(invitation: Invitation, link: string): { subject: string; text: string } {
  const { merchantName, role, invitedBy } = invitation
  const who = invitedBy === null ? 'You are' : `${invitedBy} has`
  const invited = invitedBy === null ? 'invited' : 'invited you'
  return {
    subject: `Join ${merchantName} on Sukuma`,
    text: [
      `${who} ${invited} to ${merchantName} on Sukuma, as ${role}.`,
      '',
      'Accept the invitation here:',
      link,
      '',
      `The link works once, for ${invitation.email}, until ${invitation.expiresAt.toISOString()}.`,
      'If you did not expect it, do nothing.',
    ].join('\n'),
  }
}

/** The waiting invitation of a link's token, or null. */
export async function findInvitation(
  deps: Pick<InvitationDeps, 'db' | 'clock'>,
  token: string,
): Promise<(Invitation & { hasAccount: boolean }) | null> {
  const hash = readOneTimeToken(token)
  return hash === null ? null : findInvitationByToken(deps, hash, new Date(deps.clock.now()))
}

/** What became of an invitation that somebody accepts. */
export type AcceptResult =
  | { code: 'accepted'; merchant: { id: Uuid; name: string }; invitationId: Uuid; role: Role }
  | { code: 'not_found' }
  /** It is for another address than this person's. */
  | { code: 'other_address' }
  | { code: 'already_member' }

/** Makes `person` a member by the token of a link. */
export async function accept(
  deps: Pick<InvitationDeps, 'db' | 'clock' | 'mailer'>,
  token: string,
  person: { userId: Uuid; email: string },
): Promise<AcceptResult> {
  const hash = readOneTimeToken(token)
  const found = await findInvitation(deps, token)
  if (hash === null || found === null) return { code: 'not_found' }
  if (found.email !== person.email.toLowerCase()) return { code: 'other_address' }
  if ((await findMember(deps, found.merchantId, person.userId)) !== null) return { code: 'already_member' }
  const who = { userId: person.userId, email: found.email, isVerified: deps.mailer.isSending }
  const accepted = await acceptInvitation(deps, hash, who, new Date(deps.clock.now()))
  if (accepted === null) return { code: 'not_found' }
  if (!accepted.isNew) return { code: 'already_member' }
  const merchant = { id: found.merchantId, name: found.merchantName }
  return { code: 'accepted', merchant, invitationId: accepted.id, role: accepted.role }
}
