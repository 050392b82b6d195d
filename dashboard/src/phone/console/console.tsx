// The simulator's console: what is happening, what shall go wrong, and numbers to try it with.
import { Tabs } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import type { WatchState } from '../watch-state.ts'
import { FaultsPanel } from './faults-panel.tsx'
import { LedgerPanel } from './ledger-panel.tsx'
import { TestNumbersPanel } from './test-numbers-panel.tsx'
import { consoleTexts } from './texts.ts'

/** Three tabs. */
export function Console({ watched }: { watched: WatchState }) {
  const texts = useTexts(consoleTexts)
  return (
    <Tabs defaultValue="ledger" keepMounted={false}>
      <Tabs.List aria-label={texts.console} mb="md">
        <Tabs.Tab value="ledger">{texts.ledger}</Tabs.Tab>
        <Tabs.Tab value="faults">{texts.faults}</Tabs.Tab>
        <Tabs.Tab value="numbers">{texts.testNumbers}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="ledger">
        <LedgerPanel watched={watched} />
      </Tabs.Panel>
      <Tabs.Panel value="faults">
        <FaultsPanel settings={watched.settings} />
      </Tabs.Panel>
      <Tabs.Panel value="numbers">
        <TestNumbersPanel />
      </Tabs.Panel>
    </Tabs>
  )
}
