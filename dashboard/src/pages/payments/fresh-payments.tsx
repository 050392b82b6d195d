// Payments that were made since the list was read.
import { ArrowUpIcon } from '@heroicons/react/24/outline'
import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTexts } from '../../texts/language.tsx'
import classes from './payment-rows.module.css'
import { paymentsTexts } from './texts.ts'
import type { usePaymentList } from './use-payment-list.ts'

const ICON_PX = 18
/** Nobody reads further down than this without having scrolled. */
const TOP_PX = 40

/** What came meanwhile: shown at once to somebody at the top, else kept behind a button. */
export function FreshPayments({ found }: { found: ReturnType<typeof usePaymentList> }) {
  const texts = useTexts(paymentsTexts)
  const { fresh, showFresh } = found
  const place = useRef<HTMLDivElement>(null)
  const isAny = fresh.payments.length > 0 || fresh.isCut
  useEffect(() => {
    if (isAny && !isReading(place.current)) showFresh()
  }, [isAny, showFresh])
  return (
    <div className={classes.sticky} ref={place} aria-live="polite">
      {isAny && (
        <Button
          size="xs"
          radius="xl"
          leftSection={<ArrowUpIcon width={ICON_PX} aria-hidden />}
          onClick={() => {
            showFresh()
            window.scrollTo({ top: 0 })
          }}
        >
          {fresh.isCut ? texts.freshMany : texts.fresh(fresh.payments.length)}
        </Button>
      )}
    </div>
  )
}

/** True when rows that move would be noticed: scrolled down, or with the pointer or the focus on a row. */
function isReading(place: HTMLElement | null): boolean {
  const rows = place?.parentElement?.querySelector(`.${classes.row}:hover, .${classes.row}:focus-within`)
  return window.scrollY > TOP_PX || (rows ?? null) !== null
}
