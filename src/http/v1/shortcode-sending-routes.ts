// How fast a shortcode may send right now, and whether it may at all.
import type { FastifyInstance } from 'fastify'
import { prefixedId, type Uuid } from '../../ids.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { found, notFound, pathId } from './path-id.ts'
import { shortcodeSendingSchema } from './shortcode-sending-schema.ts'
import type { ShortcodeSettings } from './v1-deps.ts'

/** What a shortcode's lane allows in this process. */
export type ShortcodeSending = {
  breaker: 'closed' | 'half_open' | 'open'
  slowStart: boolean
  retryAt: Date | null
  ratePerSecond: number
  concurrency: number
}

/** Finds what a shortcode's lane allows; null when this process has sent nothing through it. */
export type ReadSending = (merchantId: Uuid, shortcodeId: Uuid) => Promise<ShortcodeSending | null>

type Deps = { shortcodes: Pick<ShortcodeSettings, 'find'>; readSending: ReadSending }

/** Adds the route. */
export function shortcodeSendingRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/shortcodes/:id/sending', { schema: shortcodeSendingSchema }, async (request) => {
    const principal = principalWith(request, 'settings:read')
    const id = pathId(request, 'sc')
    readFields(request.query).checkAll()
    const shortcode = found(await deps.shortcodes.find(principal.merchantId, id), 'sc')
    const isBoundElsewhere = principal.shortcodeId !== null && principal.shortcodeId !== id
    if (shortcode.live !== principal.live || isBoundElsewhere) throw notFound('sc')
    const sending = await deps.readSending(principal.merchantId, id)
    return {
      object: 'shortcode_sending',
      shortcode: prefixedId('sc', id),
      breaker: sending?.breaker ?? null,
      retry_at: sending?.retryAt?.toISOString() ?? null,
      slow_start: sending?.slowStart ?? false,
      pushes_per_second: sending === null ? null : Math.round(sending.ratePerSecond * 10) / 10,
      pushes_at_once: sending?.concurrency ?? null,
    }
  })
}
