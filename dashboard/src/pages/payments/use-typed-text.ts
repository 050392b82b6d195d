// What is being typed into a field whose value stands in the page's address.
import { useEffect, useRef, useState } from 'react'

/** Long enough that a number being typed is one search. */
const TYPING_PAUSE_MS = 250

/** A text that is told after a pause in typing, and that follows when the address changes by other means. */
export function useTypedText(value: string, onTyped: (text: string) => void) {
  const [text, setText] = useState(value)
  const told = useRef(value)
  const tell = useRef(onTyped)
  useEffect(() => {
    tell.current = onTyped
  })
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === told.current) return
    const timer = setTimeout(() => {
      told.current = text
      tell.current(text)
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return [text, setText] as const
}
