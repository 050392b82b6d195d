// The handset: its frame, its power button, and what its screen shows.
import { PowerIcon } from '@heroicons/react/24/outline'
import { useRef, useState } from 'react'
import { useTexts } from '../texts/language.tsx'
import classes from './handset.module.css'
import { HomeScreen } from './home-screen.tsx'
import { spokenNumber } from './phone-number.ts'
import { SimPrompt } from './sim-prompt.tsx'
import { changePhone } from './simulator.ts'
import { StatusBar } from './status-bar.tsx'
import { phoneTexts } from './texts.ts'
import type { KnownPhone } from './watch-state.ts'

const ICON_PX = 20

type Props = {
  number: string
  /** Undefined until the simulator has told of it. */
  phone: KnownPhone | undefined
  isConnected: boolean
  /** The prompt that somebody turned away from. */
  ignoredId: string | null
  /** Takes all the room that there is. */
  fills?: boolean
}

/** One phone. */
export function Handset({ number, phone, isConnected, ignoredId, fills = false }: Props) {
  const texts = useTexts(phoneTexts)
  const screen = useRef<HTMLDivElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const isOn = phone?.isOn ?? true
  function switchPower(): void {
    setProblem(null)
    changePhone(number, { isOn: !isOn }).catch(() => setProblem(texts.noAnswer))
  }
  return (
    <section className={classes.handset} data-fills={fills} aria-label={texts.phoneOf(spokenNumber(number))}>
      <button
        type="button"
        className={classes.power}
        aria-label={texts.power(isOn)}
        title={texts.power(isOn)}
        disabled={phone === undefined}
        onClick={switchPower}
      >
        <PowerIcon width={ICON_PX} aria-hidden />
      </button>
      <div className={classes.screen} data-on={isOn} ref={screen} tabIndex={-1}>
        <StatusBar isOn={isOn} isConnected={isConnected} />
        {problem !== null && <p className={classes.problem}>{problem}</p>}
        <Screen phone={phone} isConnected={isConnected} ignoredId={ignoredId} screen={screen} />
      </div>
    </section>
  )
}

function Screen(props: {
  phone: KnownPhone | undefined
  isConnected: boolean
  ignoredId: string | null
  screen: { current: HTMLDivElement | null }
}) {
  const { phone, isConnected, ignoredId, screen } = props
  const texts = useTexts(phoneTexts)
  if (phone === undefined) {
    return (
      <p className={classes.note} role="status">
        {isConnected ? texts.connecting : texts.connectionLost}
      </p>
    )
  }
  const prompt = phone.prompt?.id === ignoredId ? null : phone.prompt
  if (!phone.isOn) return <p className={classes.note}>{texts.off}</p>
  return (
    <>
      {!isConnected && (
        <p className={classes.problem} role="status">
          {texts.connectionLost}
        </p>
      )}
      <HomeScreen phone={phone} isCovered={prompt !== null} />
      {prompt !== null && <SimPrompt key={prompt.id} prompt={prompt} screen={screen} />}
    </>
  )
}
