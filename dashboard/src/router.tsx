// Every address of the dashboard. Each page is a file of its own, loaded when it is first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import { Shell } from './shell/shell.tsx'
import { NotFoundPage } from './ui/not-found-page.tsx'
import { PageError } from './ui/page-error.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

/** Pages for those who are not signed in. */
const account = createRoute({ getParentRoute: () => root, id: 'account' })

const accountPages = [
  createRoute({
    getParentRoute: () => account,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/sign-up',
    component: lazyRouteComponent(() => import('./pages/sign-up/sign-up-page.tsx'), 'SignUpPage'),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/forgot-password',
    component: lazyRouteComponent(
      () => import('./pages/forgot-password/forgot-password-page.tsx'),
      'ForgotPasswordPage',
    ),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/reset-password',
    component: lazyRouteComponent(
      () => import('./pages/reset-password/reset-password-page.tsx'),
      'ResetPasswordPage',
    ),
  }),
  createRoute({
    getParentRoute: () => account,
    path: '/accept-invitation/$id',
    component: lazyRouteComponent(
      () => import('./pages/accept-invitation/accept-invitation-page.tsx'),
      'AcceptInvitationPage',
    ),
  }),
]

/** Pages of a merchant: signed in, with navigation. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const shellPages = [
  createRoute({
    getParentRoute: () => shell,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/start',
    component: lazyRouteComponent(() => import('./pages/start/start-page.tsx'), 'StartPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/payments',
    component: lazyRouteComponent(() => import('./pages/payments/payments-page.tsx'), 'PaymentsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/payments/new',
    component: lazyRouteComponent(() => import('./pages/new-payment/new-payment-page.tsx'), 'NewPaymentPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/payments/$id',
    component: lazyRouteComponent(() => import('./pages/payment/payment-page.tsx'), 'PaymentPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./pages/api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/webhooks/$id',
    component: lazyRouteComponent(() => import('./pages/webhook/webhook-page.tsx'), 'WebhookPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/shortcodes',
    component: lazyRouteComponent(() => import('./pages/shortcodes/shortcodes-page.tsx'), 'ShortcodesPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/shortcodes/new',
    component: lazyRouteComponent(
      () => import('./pages/new-shortcode/new-shortcode-page.tsx'),
      'NewShortcodePage',
    ),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/shortcodes/$id',
    component: lazyRouteComponent(() => import('./pages/shortcode/shortcode-page.tsx'), 'ShortcodePage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/team',
    component: lazyRouteComponent(() => import('./pages/team/team-page.tsx'), 'TeamPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/audit-log',
    component: lazyRouteComponent(() => import('./pages/audit-log/audit-log-page.tsx'), 'AuditLogPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  }),
]

/** The dashboard's router. */
export const router = createRouter({
  routeTree: root.addChildren([account.addChildren(accountPages), shell.addChildren(shellPages)]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
