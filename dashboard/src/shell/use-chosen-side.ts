// Which merchant and mode were chosen last, on this device, or by the link that led here.

import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Mode } from '../api/request.ts'
import type { Membership } from '../api/session.ts'
import { keep, readKept } from '../kept.ts'

const MERCHANT_STORED_AS = 'sukuma.merchant'
const MODE_STORED_AS = 'sukuma.mode'

/** The chosen one of `merchants`, else the first; undefined without any. Test, until live is chosen. */
export function useChosenSide(merchants: readonly Membership[]) {
  const linked = useLinkedSide(merchants)
  const [merchantId, setMerchantId] = useState(() => linked?.merchantId ?? readKept(MERCHANT_STORED_AS))
  const [mode, setModeNow] = useState<Mode>(() => linked?.mode ?? keptMode())
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

type LinkedSide = { merchantId: string; mode: Mode | null }

/**
 * The side that a mail's link names, `?merchant=mer_…&mode=live`, as it was first, for members of that
 * merchant. It is kept as if it had been chosen, and taken out of the address, which then names the page
 * alone.
 */
function useLinkedSide(merchants: readonly Membership[]): LinkedSide | null {
  const router = useRouter()
  const [linked] = useState(() => readLink(new URLSearchParams(router.state.location.searchStr), merchants))
  useEffect(() => {
    if (linked === null) return
    keep(MERCHANT_STORED_AS, linked.merchantId)
    if (linked.mode !== null) keep(MODE_STORED_AS, linked.mode)
    const { pathname, searchStr, hash } = router.state.location
    const search = new URLSearchParams(searchStr)
    search.delete('merchant')
    search.delete('mode')
    const rest = search.size === 0 ? '' : `?${search}`
    void router.navigate({ href: `${pathname}${rest}${hash === '' ? '' : `#${hash}`}`, replace: true })
  }, [linked, router])
  return linked
}

function readLink(search: URLSearchParams, merchants: readonly Membership[]): LinkedSide | null {
  const merchant = merchants.find(({ id }) => id === search.get('merchant'))
  if (merchant === undefined) return null
  const mode = search.get('mode')
  return { merchantId: merchant.id, mode: mode === 'live' || mode === 'test' ? mode : null }
}

const keptMode = (): Mode => (readKept(MODE_STORED_AS) === 'live' ? 'live' : 'test')

/** Chooses a merchant for the pages that are opened next: somebody has just joined or made it. */
export function rememberMerchant(id: string): void {
  keep(MERCHANT_STORED_AS, id)
}
