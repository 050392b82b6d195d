// Copying a text, on pages without HTTPS too.
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'

const SHOWN_MS = 2_000
/** Long enough to be read, and for the text to be marked by hand. */
const TOLD_MS = 8_000

/** `copy` puts `text` on the clipboard, or says that it could not; `copied` is true for a moment after. */
export function useCopy(text: string): { copied: boolean; copy(): void } {
  const texts = useTexts(uiTexts)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy() {
    if (await copyText(text)) setCopied(true)
    else notifications.show({ message: texts.copyFailed, color: 'red', autoClose: TOLD_MS })
  }
  return { copied, copy: () => void copy() }
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Browsers have it on pages with HTTPS and of this machine alone, and may refuse it there.
    return copyMarked(text)
  }
}

/** The way of before: marks the text in a field out of sight, and copies what is marked. */
function copyMarked(text: string): boolean {
  const field = document.createElement('textarea')
  const { activeElement } = document
  field.value = text
  field.readOnly = true
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true })
  }
}
