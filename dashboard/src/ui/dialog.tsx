// A window over the page, for one thing to be done.
import { Modal, type ModalProps } from '@mantine/core'
import { createContext, useContext, useLayoutEffect, useState } from 'react'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'

/** Holds the window open, until what it returns is called. */
const HoldContext = createContext<() => () => void>(() => () => undefined)

/** Mantine's modal, whose way out has a name and whose title is no second banner of the page. */
export function Dialog(props: ModalProps) {
  const texts = useTexts(uiTexts)
  const [holds, setHolds] = useState(0)
  const [hold] = useState(() => () => {
    setHolds((before) => before + 1)
    return () => setHolds((before) => before - 1)
  })
  const held = { closeOnEscape: false, closeOnClickOutside: false, withCloseButton: false }
  return (
    <HoldContext value={hold}>
      <Modal
        centered
        closeButtonProps={{ 'aria-label': texts.close }}
        attributes={{ header: { role: 'presentation' } }}
        {...props}
        {...(holds > 0 ? held : {})}
      />
    </HoldContext>
  )
}

/**
 * While `isHeld`, the dialog around is left by the buttons within it alone, not by Escape, its cross or a
 * click beside it: it shows what is shown once, or waits for it.
 */
export function useHeldOpen(isHeld: boolean): void {
  const hold = useContext(HoldContext)
  useLayoutEffect(() => (isHeld ? hold() : undefined), [hold, isHeld])
}
