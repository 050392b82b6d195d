// The calls of `/auth` and `/dashboard` about people: accounts, sessions, members and invitations.
import { call, type RequestOptions, request } from '../api/request.ts'
import type { Role } from '../api/session.ts'

/** What a sign-in with the right password comes to: in, or asked for a code first. */
export type SignedIn = { twoFactorRedirect?: boolean }

/** What an authenticator app needs, and the codes for the day it is lost. Both are shown once. */
export type TwoFactorStart = { totpURI: string; backupCodes: string[] }

/** A device that is signed in. */
export type DeviceSession = {
  id: string
  current: boolean
  created_at: string
  last_used_at: string
  expires_at: string
  ip: string | null
  user_agent: string | null
}

/** What an invitation's link shows to whoever opens it. */
export type OpenInvitation = {
  merchant: { name: string }
  email: string
  role: Role
  invited_by: string | null
  expires_at: string
  has_account: boolean
}

/** A member of the merchant. */
export type Member = {
  id: string
  email: string
  name: string
  role: Role
  two_factor_enabled: boolean
  joined_at: string
  is_you: boolean
}

/** An invitation that waits; `link` only as it is made, and only where no mail is sent. */
export type Invitation = {
  id: string
  email: string
  role: Role
  invited_by: string | null
  created_at: string
  expires_at: string
  /** When it was just made, and no mail is sent. */
  link?: string | null
  /** When it was just made: whether a mail carries it. */
  mailed?: boolean
}

/** Everybody of a merchant. */
export type Team = { members: Member[]; invitations: Invitation[] }

/** Posts to `/auth`. Throws `ApiProblem`. */
export function postAuth<T>(path: string, body: Record<string, unknown>): Promise<T> {
  return request<T>(`/auth${path}`, { method: 'POST', body })
}

/** Calls whose answer says nothing. Throws `ApiProblem`. */
export async function callAway(path: string, options: RequestOptions): Promise<void> {
  await call(path, options)
}

/** The devices on which this user is signed in. */
export async function listDeviceSessions(): Promise<DeviceSession[]> {
  const { data } = await request<{ data: DeviceSession[] }>('/dashboard/sessions')
  return data
}

/** What the invitation behind a link's token offers. Throws `not_found` when it offers nothing any more. */
export function readInvitation(token: string): Promise<OpenInvitation> {
  return request<OpenInvitation>(`/dashboard/invitations/${encodeURIComponent(token)}`)
}
