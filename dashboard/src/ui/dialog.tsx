// A window over the page, for one thing to be done.
import { Modal, type ModalProps } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'

/** Mantine's modal, whose way out has a name and whose title is no second banner of the page. */
export function Dialog(props: ModalProps) {
  const texts = useTexts(uiTexts)
  return (
    <Modal
      centered
      closeButtonProps={{ 'aria-label': texts.close }}
      attributes={{ header: { role: 'presentation' } }}
      {...props}
    />
  )
}
