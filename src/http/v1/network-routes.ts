// `/v1/network`: what M-Pesa looks like from here. Shares and times only, and none of another merchant's own.
import type { FastifyInstance } from 'fastify'
import type { Uuid } from '../../ids.ts'
import type { NetworkView } from '../../payments/network-counts.ts'
import type { Environment } from '../../payments/payment.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { networkSchema } from './network-schema.ts'

/** Whether pushes are let through; see `breakerOf`. */
export type BreakerState = 'closed' | 'half_open' | 'open'

/** What the route reads. */
export type NetworkReader = {
  windowMs: number
  read(viewer: { merchantId: Uuid; live: boolean }): Promise<NetworkView[]>
  /** The breakers of all shortcodes that this process has pushed for. */
  breakers(): { environment: Environment; breaker: BreakerState }[]
}

/** Adds the route. */
export function networkRoutes(app: FastifyInstance, { network }: { network: NetworkReader }): void {
  app.get('/network', { schema: networkSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    readFields(request.query).checkAll()
    const views = await network.read(principal)
    const breakers = network.breakers()
    return {
      object: 'network',
      window_seconds: network.windowMs / 1_000,
      environments: views.map((view) => environmentResource(view, breakers)),
    }
  })
}

function environmentResource(view: NetworkView, breakers: ReturnType<NetworkReader['breakers']>) {
  const states = breakers
    .filter(({ environment }) => environment === view.environment)
    .map(({ breaker }) => breaker)
  return {
    environment: view.environment,
    sample: view.sample,
    breaker: view.sample === 'too_little' ? null : breakerOf(states),
    pushes: view.pushes,
    success_ratio: view.successShare,
    failures: view.failures,
    push_latency_ms: view.pushLatency,
    prompt_to_verdict_ms: view.promptToVerdict,
    time_to_certainty_ms: view.timeToCertainty,
  }
}

/** Open when every shortcode's is, closed when every one's is; null where nothing was pushed. */
function breakerOf(states: readonly BreakerState[]): BreakerState | null {
  const [first, ...rest] = states
  if (first === undefined) return null
  return rest.every((state) => state === first) ? first : 'half_open'
}
