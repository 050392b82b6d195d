// What is to be done when somebody else has just been signed in, or out, on this device.
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { CONFIG_KEY, SESSION_KEY } from '../api/session.ts'
import { postAuth } from './auth-calls.ts'

/** Forgets what the one before saw here, and learns who is signed in now. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    queries.removeQueries({ predicate: ({ queryKey }) => isOfSomebody(queryKey) })
    await queries.refetchQueries({ queryKey: SESSION_KEY })
  }
}

/**
 * Signs out by `end`, which is the usual way unless given. A page of the shell then leads to the sign-in.
 * Throws what kept it from being done: the device is still signed in, and must not look as if it were not.
 */
export function useLeave(end: () => Promise<void> = signOut): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await end()
    // First this, so that no page asks for anything once more.
    queries.setQueryData(SESSION_KEY, null)
    queries.removeQueries({ predicate: ({ queryKey }) => isOfSomebody(queryKey) })
  }
}

async function signOut(): Promise<void> {
  await postAuth('/sign-out', {})
}

/** Queries of merchants and of the user; what everybody is told may stay. */
function isOfSomebody(queryKey: QueryKey): boolean {
  const publicKeys: readonly unknown[] = [SESSION_KEY[0], CONFIG_KEY[0], 'sign-in-link', 'invitation']
  return !publicKeys.includes(queryKey[0])
}
