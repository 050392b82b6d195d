// A way to sign in by a link that works once, for the sign-in library.
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { Uuid } from '../ids.ts'

/** The route `POST /sign-in/link`; `take` makes a token worthless and says whose it was. */
export function createSignInLinkPlugin(deps: { take(token: string): Promise<Uuid | null> }) {
  return {
    id: 'sign-in-link',
    endpoints: {
      signInByLink: createAuthEndpoint('/sign-in/link', { method: 'POST' }, async (context) => {
        const token: unknown = context.body?.token
        const userId = typeof token === 'string' ? await deps.take(token) : null
        const { internalAdapter } = context.context
        const user = userId === null ? null : await internalAdapter.findUserById(userId)
        if (user === null) {
          throw new APIError('UNAUTHORIZED', {
            code: 'INVALID_TOKEN',
            message: 'This link was used before, or is too old.',
          })
        }
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(context, { session, user })
        const { id, email, name } = user
        return context.json({ user: { id, email, name } })
      }),
    },
  }
}
