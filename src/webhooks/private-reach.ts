// Which webhooks may go to private addresses.

/**
 * `all`: WEBHOOK_ALLOW_PRIVATE. `simulator`: what is about simulator payments, and about nothing but the test
 * side, since this installation has a simulator. `none`: it has none, and its test side may be strangers'.
 */
export type PrivateReach = 'all' | 'simulator' | 'none'

/** How far the webhooks of an installation reach; the simulator may be in another of its processes. */
export function privateReachOf(allowPrivate: boolean, hasSimulator: boolean): PrivateReach {
  if (allowPrivate) return 'all'
  return hasSimulator ? 'simulator' : 'none'
}
