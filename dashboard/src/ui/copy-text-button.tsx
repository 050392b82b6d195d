// A button with words that copies a text.
import { CheckIcon, ClipboardDocumentIcon } from '@heroicons/react/24/outline'
import { Button } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'
import { useCopy } from './use-copy.ts'

const ICON_PX = 18

/** Copies `value`; `label` is what stands on the button. */
export function CopyTextButton({ value, label }: { value: string; label: string }) {
  const texts = useTexts(uiTexts)
  const { copied, copy } = useCopy(value)
  return (
    <Button
      variant="default"
      size="xs"
      onClick={copy}
      leftSection={
        copied ? (
          <CheckIcon width={ICON_PX} aria-hidden />
        ) : (
          <ClipboardDocumentIcon width={ICON_PX} aria-hidden />
        )
      }
    >
      <span aria-live="polite">{copied ? texts.copied : label}</span>
    </Button>
  )
}
