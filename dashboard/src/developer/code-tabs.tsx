// One thing to do, in several languages.

import { Tabs } from '@mantine/core'
import { useState } from 'react'
import { keep, readKept } from '../kept.ts'
import { useTexts } from '../texts/language.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import type { CodeSample } from './code-sample.ts'
import { developerTexts } from './texts.ts'

const STORED_AS = 'sukuma.sample-language'

/** `samples` as tabs; the language that was looked at last is shown first, on every page. */
export function CodeTabs({ samples, label }: { samples: readonly CodeSample[]; label: string }) {
  const texts = useTexts(developerTexts)
  const [chosen, setChosen] = useState(() => readKept(STORED_AS))
  const shown = samples.find(({ language }) => language === chosen) ?? samples[0]
  function choose(language: string | null) {
    if (language === null) return
    keep(STORED_AS, language)
    setChosen(language)
  }
  return (
    <Tabs value={shown?.language ?? null} onChange={choose} keepMounted={false}>
      <Tabs.List aria-label={texts.language} mb="xs">
        {samples.map(({ language }) => (
          <Tabs.Tab key={language} value={language}>
            {language}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {samples.map(({ language, code }) => (
        <Tabs.Panel key={language} value={language}>
          <CodeBlock code={code} label={`${label} (${language})`} maxHeight={420} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
