// Who may come in, as the pages tell everybody who opens them.
import { createReadCache } from '../merchants/read-cache.ts'
import { isDemoMember } from './demo-user.ts'
import { readSignUpState, type SignUpDeps } from './sign-up.ts'

/** Who may sign up, and whether the demo user can still sign in. */
export type Entrance = { signUp: Awaited<ReturnType<typeof readSignUpState>>; hasDemo: boolean }

/**
 * Reads the entrance for pages: nobody is let in by it. Anybody may ask, and often, so all who ask at a time
 * share one look, and what it found is kept for some seconds; but not that nobody has signed up yet, which
 * the next sign-up ends.
 */
export function createReadEntrance(deps: SignUpDeps): () => Promise<Entrance> {
  const cache = createReadCache<Entrance>({ clock: deps.clock })
  const look = async (): Promise<Entrance> => ({
    signUp: await readSignUpState(deps),
    hasDemo: await isDemoMember(deps),
  })
  return async () => {
    const entrance = (await cache.get('entrance', look)) ?? (await look())
    if (entrance.signUp === 'first') cache.forget('entrance')
    return entrance
  }
}
