// Which merchant and mode were chosen last, on this device.

import { useState } from 'react'
import type { Mode } from '../api/request.ts'
import type { Membership } from '../api/session.ts'
import { keep, readKept } from '../kept.ts'

const MERCHANT_STORED_AS = 'sukuma.merchant'
const MODE_STORED_AS = 'sukuma.mode'

/** The chosen one of `merchants`, else the first; undefined without any. Test, until live is chosen. */
export function useChosenSide(merchants: readonly Membership[]) {
  const [merchantId, setMerchantId] = useState(() => readKept(MERCHANT_STORED_AS))
  const [mode, setModeNow] = useState<Mode>(() => (readKept(MODE_STORED_AS) === 'live' ? 'live' : 'test'))
  const [setters] = useState(() => ({
    setMerchant(id: string) {
      keep(MERCHANT_STORED_AS, id)
      setMerchantId(id)
    },
    setMode(next: Mode) {
      keep(MODE_STORED_AS, next)
      setModeNow(next)
    },
  }))
  const merchant = merchants.find(({ id }) => id === merchantId) ?? merchants[0]
  return { merchant, mode, ...setters }
}

/** Chooses a merchant for the pages that are opened next: somebody has just joined or made it. */
export function rememberMerchant(id: string): void {
  keep(MERCHANT_STORED_AS, id)
}
