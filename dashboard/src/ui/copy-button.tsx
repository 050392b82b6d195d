// Copies a text, and says that it did.
import { CheckIcon, ClipboardDocumentIcon } from '@heroicons/react/24/outline'
import { ActionIcon, Tooltip } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'
import { useCopy } from './use-copy.ts'

const ICON_PX = 18

/** A small button that copies `value`; `label` says what it is. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const texts = useTexts(uiTexts)
  const { copied, copy } = useCopy(value)
  return (
    <Tooltip label={copied ? texts.copied : texts.copy}>
      <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={`${texts.copy}: ${label}`}>
        {copied ? (
          <CheckIcon width={ICON_PX} aria-hidden />
        ) : (
          <ClipboardDocumentIcon width={ICON_PX} aria-hidden />
        )}
      </ActionIcon>
    </Tooltip>
  )
}
