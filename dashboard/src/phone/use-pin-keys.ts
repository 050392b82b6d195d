// Digits go to the phone's PIN wherever the keyboard is, unless somebody is typing into something.
import { useEffect, useRef } from 'react'

/** What the keys do. */
export type PinKeys = { type(digit: string): void; erase(): void; send(): void; cancel(): void }

const TAKES_TEXT = 'input, textarea, select, [role="slider"], [contenteditable]'
const TAKES_ENTER = 'button, a'

/** Listens while a prompt is up; `prompt` is its element, where Escape cancels. */
export function usePinKeys(prompt: { current: HTMLElement | null }, keys: PinKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target instanceof Element ? event.target : null
      if (event.key === 'Escape' && prompt.current?.contains(target)) latest.current.cancel()
      if (target?.closest(TAKES_TEXT)) return
      if (event.key === 'Enter' && target?.closest(TAKES_ENTER)) return
      if (/^\d$/.test(event.key)) latest.current.type(event.key)
      else if (event.key === 'Backspace') latest.current.erase()
      else if (event.key === 'Enter') latest.current.send()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [prompt])
}
