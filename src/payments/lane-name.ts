// Which lane a payment's push goes through: merchants who share a shortcode and its Daraja app share a lane.
import type { Uuid } from '../ids.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { LaneName, LaneSnapshot } from './push-lane.ts'

/**
 * The lane of a shortcode. One whose credentials are gone or cannot be opened has a lane to itself, where
 * nothing of it can hold up anybody else.
 */
export async function laneOf(
  deps: Pick<PaymentDeps, 'shortcodes' | 'log'>,
  source: { merchantId: Uuid; shortcodeId: Uuid },
): Promise<LaneName> {
  const { merchantId, shortcodeId } = source
  try {
    const credential = await deps.shortcodes.credentialOf(merchantId, shortcodeId)
    if (credential !== null) {
      const { id, environment, businessShortCode } = credential
      return { environment, shortcode: businessShortCode, credentialId: id }
    }
  } catch (error) {
    deps.log.error({ shortcode: shortcodeId, err: error }, 'credentials could not be read')
  }
  return { environment: null, shortcode: shortcodeId, credentialId: merchantId }
}

/** The one of `lanes` that a shortcode's pushes go through; null when nothing has gone through it. */
export async function findLane(
  deps: Parameters<typeof laneOf>[0],
  lanes: readonly LaneSnapshot[],
  [merchantId, shortcodeId]: readonly [merchantId: Uuid, shortcodeId: Uuid],
): Promise<LaneSnapshot | null> {
  const { shortcode, credentialId } = await laneOf(deps, { merchantId, shortcodeId })
  return lanes.find((lane) => lane.shortcode === shortcode && lane.credentialId === credentialId) ?? null
}
