// What every page stands in: the look, the language, the answers kept, the notifications.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './base.css'
import { localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { ApiProblem, isProblem } from './api/problem.ts'
import { SESSION_KEY, SESSION_QUERY } from './api/session.ts'
import { LanguageProvider, useTexts } from './texts/language.tsx'
import { readableColors, theme } from './theme.ts'
import { uiTexts } from './ui/texts.ts'

const RETRIES_MAX = 2
/** An answer this young is shown again without asking. */
const STALE_MS = 5_000

const colorSchemes = localStorageColorSchemeManager({ key: 'sukuma.color-scheme' })

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteSignedOut }),
  mutationCache: new MutationCache({ onError: noteSignedOut }),
  defaultOptions: { queries: { retry: shouldRetry, staleTime: STALE_MS }, mutations: { retry: false } },
})

/** Asks who is signed in before the first page is drawn: all of them wait for it. */
export function askForSession(): void {
  void queries.prefetchQuery(SESSION_QUERY)
}

/** Everything that the pages of both entries need around them. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider>
      <Look>
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          {children}
        </QueryClientProvider>
      </Look>
    </LanguageProvider>
  )
}

/** The theme, which knows what the way out of a notification is called. */
function Look({ children }: { children: ReactNode }) {
  const { close } = useTexts(uiTexts)
  const named = useMemo(() => {
    const Notification = { defaultProps: { closeButtonProps: { 'aria-label': close } } }
    return mergeThemeOverrides(theme, { components: { Notification } })
  }, [close])
  return (
    <MantineProvider
      theme={named}
      cssVariablesResolver={readableColors}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      {children}
    </MantineProvider>
  )
}

/** A refusal stays one; a gateway that is away or busy may be back. */
function shouldRetry(failures: number, error: Error): boolean {
  if (failures >= RETRIES_MAX) return false
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500
}

/** Whatever is refused so, on any page: the session has ended, and the shell leads to the sign-in. */
function noteSignedOut(error: Error): void {
  if (isProblem(error, 'unauthenticated')) queries.setQueryData(SESSION_KEY, null)
}
