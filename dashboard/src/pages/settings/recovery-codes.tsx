// Recovery codes, shown once: to be copied, downloaded or written down.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { useCopy } from '../../ui/use-copy.ts'
import classes from './settings.module.css'
import { twoFactorTexts } from './two-factor-texts.ts'

/** Long enough for a browser to have begun the download. */
const DOWNLOAD_LIFE_MS = 10_000

/** `onKept` when they have been put away. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept(): void }) {
  const texts = useTexts(twoFactorTexts)
  const { copied, copy } = useCopy(codes.join('\n'))
  const heading = useRef<HTMLDivElement>(null)
  // What was pressed to get here is gone.
  useEffect(() => heading.current?.focus(), [])
  const file = `${texts.fileTitle} ${location.origin}\n\n${codes.join('\n')}\n`
  return (
    <Stack gap="md">
      <div role="status" tabIndex={-1} ref={heading}>
        <Text fw={600}>{texts.codesTitle}</Text>
        <Text size="sm">{texts.codesText}</Text>
      </div>
      <ul className={classes.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Button variant="default" onClick={copy}>
          {copied ? texts.copied : texts.copyAll}
        </Button>
        <Button variant="default" onClick={() => download(texts.fileName, file)}>
          {texts.download}
        </Button>
        <Button onClick={onKept}>{texts.kept}</Button>
      </Group>
    </Stack>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_LIFE_MS)
}
