// The keys for the PIN.
import { BackspaceIcon, CheckIcon } from '@heroicons/react/24/outline'
import { useTexts } from '../texts/language.tsx'
import classes from './handset.module.css'
import { phoneTexts } from './texts.ts'

const ICON_PX = 24
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Ten digits, one to erase, one to send. */
export function PinPad(props: { type(digit: string): void; erase(): void; send(): void; entered: number }) {
  const { type, erase, send, entered } = props
  const texts = useTexts(phoneTexts)
  return (
    <fieldset className={classes.pad} aria-label={texts.pad}>
      <p className={classes.hidden} role="status">
        {texts.pinEntered(entered)}
      </p>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" onClick={() => type(digit)}>
          {digit}
        </button>
      ))}
      <button type="button" onClick={erase} aria-label={texts.erase}>
        <BackspaceIcon width={ICON_PX} aria-hidden />
      </button>
      <button type="button" onClick={() => type('0')}>
        0
      </button>
      <button type="button" onClick={send} aria-label={texts.send} data-sends>
        <CheckIcon width={ICON_PX} aria-hidden />
      </button>
    </fieldset>
  )
}
