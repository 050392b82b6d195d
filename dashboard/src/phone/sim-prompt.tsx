// The SIM toolkit's prompt: what is to be paid, the PIN, Cancel and Send.
import { type FormEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useLanguage, useTexts } from '../texts/language.tsx'
import classes from './handset.module.css'
import { PinPad } from './pin-pad.tsx'
import { type Answer, answerPrompt, type PromptView, SimulatorError } from './simulator.ts'
import { phoneTexts } from './texts.ts'
import { usePinKeys } from './use-pin-keys.ts'

/** The length of an M-PESA PIN. */
const PIN_LENGTH = 4

/** A prompt that waits for its PIN, by mouse, touch or keyboard. */
export function SimPrompt(props: { prompt: PromptView; screen: { current: HTMLElement | null } }) {
  const { prompt, screen } = props
  const texts = useTexts(phoneTexts)
  const { language } = useLanguage()
  const id = useId()
  const toolkit = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const { pin, setPin, isSending, problem, answer } = useAnswer(prompt.id)
  const type = (digit: string): void => setPin((typed) => (typed + digit).slice(0, PIN_LENGTH))
  const erase = (): void => setPin((typed) => typed.slice(0, -1))
  const send = (): void => {
    if (pin.length === PIN_LENGTH) answer('pay', pin)
    else input.current?.focus()
  }
  useFocus(input, screen)
  usePinKeys(toolkit, { type, erase, send, cancel: () => answer('cancel') })
  const reference = prompt.isTill ? null : prompt.reference
  const question = texts.prompt(prompt.text, { ...prompt, reference })
  function submit(event: FormEvent): void {
    event.preventDefault()
    send()
  }
  return (
    <div className={classes.toolkit} ref={toolkit} role="dialog" aria-labelledby={`${id}-text`}>
      <form className={classes.dialog} onSubmit={submit} autoComplete="off">
        {/* Read out at once, wherever the reader is on the page. */}
        <p id={`${id}-text`} role="alert" className={classes.question} lang={language}>
          {question}
        </p>
        <label htmlFor={`${id}-pin`}>{texts.enterPin}</label>
        <input
          id={`${id}-pin`}
          ref={input}
          className={classes.pin}
          type="password"
          // The pad below is this phone's keyboard; a real phone's own would cover it.
          inputMode="none"
          autoComplete="off"
          maxLength={PIN_LENGTH}
          value={pin}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, '').slice(0, PIN_LENGTH))}
        />
        {problem !== null && (
          <p id={`${id}-problem`} className={classes.wrong} role="alert">
            {problem}
          </p>
        )}
        <div className={classes.acts}>
          <button type="button" disabled={isSending} onClick={() => answer('cancel')}>
            {texts.cancel}
          </button>
          <button type="submit" disabled={isSending}>
            {texts.send}
          </button>
        </div>
      </form>
      <PinPad type={type} erase={erase} send={send} entered={pin.length} />
    </div>
  )
}

function useAnswer(promptId: string) {
  const texts = useTexts(phoneTexts)
  const [pin, setPin] = useState('')
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  function answer(action: Answer, typed?: string): void {
    if (isSending) return
    setSending(true)
    setProblem(null)
    answerPrompt(promptId, action, typed).catch((error: unknown) => {
      const isAway = error instanceof SimulatorError && error.message === 'no_answer'
      setProblem(isAway ? texts.noAnswer : texts.gone)
      setSending(false)
    })
  }
  return { pin, setPin, isSending, problem, answer }
}

/**
 * The PIN is typed at once where somebody looks at the phone; whoever is filling in something else, or looks
 * at the page around this one, is left alone. Afterwards the focus stays on the phone.
 */
function useFocus(input: { current: HTMLElement | null }, screen: { current: HTMLElement | null }): void {
  // A layout effect's end comes while the prompt is still on the page, and so may have the focus.
  useLayoutEffect(() => {
    const phone = screen.current
    const isFree = document.activeElement === document.body || phone?.contains(document.activeElement)
    if (document.hasFocus() && isFree) input.current?.focus({ preventScroll: true })
    return () => {
      if (phone?.contains(document.activeElement)) phone.focus({ preventScroll: true })
    }
  }, [input, screen])
}
