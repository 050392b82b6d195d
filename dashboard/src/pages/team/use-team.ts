// The team and what an owner does with it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Invitation, Member, Team } from '../../accounts/auth-calls.ts'
import { call, type RequestOptions, request, sideHeaders } from '../../api/request.ts'
import { type Role, SESSION_KEY } from '../../api/session.ts'
import { useGround } from '../../api/side.tsx'

/** A person and the role that they shall have. */
export type Invite = { email: string; role: Role }

/** Everybody of the merchant; asked for again whenever something about them was changed. */
export function useTeam() {
  const { api, may } = useGround()
  const queries = useQueryClient()
  const { merchantId } = api.side
  const headers = sideHeaders(api.side)
  const key = [merchantId, 'team']

  const team = useQuery({
    queryKey: key,
    queryFn: () => request<Team>('/dashboard/team', { headers }),
    enabled: may('team'),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: key })
  const away = async (path: string, options: RequestOptions) => {
    await call(path, { ...options, headers })
  }

  const invite = useMutation({
    mutationFn: (body: Invite) =>
      request<Invitation>('/dashboard/team/invitations', { method: 'POST', body, headers }),
    onSettled: refresh,
  })
  const cancel = useMutation({
    mutationFn: ({ id }: Invitation) => away(`/dashboard/team/invitations/${id}`, { method: 'DELETE' }),
    onSettled: refresh,
  })
  const changeRole = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role }) =>
      request<Member>(`/dashboard/team/members/${member.id}`, { method: 'PATCH', body: { role }, headers }),
    onSettled: (_answer, _error, { member }) => (member.is_you ? queries.invalidateQueries() : refresh()),
  })
  const remove = useMutation({
    mutationFn: ({ id }: Member) => away(`/dashboard/team/members/${id}`, { method: 'DELETE' }),
    onSettled: (_answer, _error, { is_you }) =>
      is_you ? queries.invalidateQueries({ queryKey: SESSION_KEY }) : refresh(),
  })
  return { team, invite, cancel, changeRole, remove }
}

/** What `useTeam` gives. */
export type TeamActs = ReturnType<typeof useTeam>
