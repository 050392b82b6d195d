// The bar at the top of the screen: the time in Kenya, the network, the battery.
import { Battery100Icon, SignalIcon, SignalSlashIcon } from '@heroicons/react/24/outline'
import { useEffect, useState } from 'react'
import classes from './handset.module.css'

const ICON_PX = 16
/** Often enough for a clock without seconds. */
const TICK_MS = 5_000
const CLOCK = new Intl.DateTimeFormat('en-KE', {
  timeZone: 'Africa/Nairobi',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})

/** Decoration: a screen reader learns nothing here that is not said elsewhere. */
export function StatusBar({ isOn, isConnected }: { isOn: boolean; isConnected: boolean }) {
  const time = useClock()
  if (!isOn) return null
  return (
    <div className={classes.bar} aria-hidden>
      <span className={classes.figures}>{time}</span>
      <span className={classes.network}>
        Safaricom
        {isConnected ? <SignalIcon width={ICON_PX} /> : <SignalSlashIcon width={ICON_PX} />}
        <Battery100Icon width={ICON_PX} />
      </span>
    </div>
  )
}

/** The time of day in East Africa. */
export function useClock(): string {
  const [time, setTime] = useState(() => CLOCK.format(new Date()))
  useEffect(() => {
    const timer = setInterval(() => setTime(CLOCK.format(new Date())), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return time
}
