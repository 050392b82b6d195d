// What the handset shows while no prompt is up: its balance and M-PESA's messages, the newest first.
import { LockClosedIcon } from '@heroicons/react/24/outline'
import { Box } from '@mantine/core'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { moneyText } from '../ui/money.tsx'
import classes from './handset.module.css'
import { spokenNumber } from './phone-number.ts'
import type { PhoneMessage, PhoneView } from './simulator.ts'
import { useClock } from './status-bar.tsx'
import { phoneTexts } from './texts.ts'

const ICON_PX = 18
const MESSAGE_TIME = new Intl.DateTimeFormat('en-KE', {
  timeZone: 'Africa/Nairobi',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})

/** `isCovered` by a prompt: still there, and out of reach. */
export function HomeScreen({ phone, isCovered }: { phone: PhoneView; isCovered: boolean }) {
  const texts = useTexts(phoneTexts)
  const { language } = useLanguage()
  const time = useClock()
  return (
    <div className={classes.home} inert={isCovered}>
      <p className={classes.clock} aria-hidden>
        {time}
      </p>
      <div className={classes.card}>
        <span className={classes.cardLabel}>{texts.balance}</span>
        <strong className={classes.balance}>
          {phone.balanceKes === null ? texts.noLimit : moneyText(phone.balanceKes, language)}
        </strong>
        <span className={classes.cardLabel}>{spokenNumber(phone.number)}</span>
      </div>
      {phone.isLocked && (
        <p className={classes.locked}>
          <LockClosedIcon width={ICON_PX} aria-hidden />
          {texts.lockedNote}
        </p>
      )}
      <h2 className={classes.heading}>{texts.messages}</h2>
      <Messages messages={phone.messages} />
    </div>
  )
}

function Messages({ messages }: { messages: readonly PhoneMessage[] }) {
  const texts = useTexts(phoneTexts)
  return (
    // What M-PESA writes is English, whatever the page speaks; new messages are read out.
    <Box className={classes.messages} role="log" aria-label={texts.messages} tabIndex={0}>
      {messages.length === 0 && <p className={classes.empty}>{texts.noMessages}</p>}
      {messages.toReversed().map((message) => (
        <article key={message.id} className={classes.message}>
          <p className={classes.sender}>
            <strong>{texts.sender}</strong>
            <time dateTime={new Date(message.atMs).toISOString()}>{MESSAGE_TIME.format(message.atMs)}</time>
          </p>
          <p lang="en">{message.text}</p>
        </article>
      ))}
    </Box>
  )
}
