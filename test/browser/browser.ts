// The one browser of a test file: started at its first use, and ended with the file.
import { after } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

const ARGUMENTS = [
  // It sees pages of ours alone, and runs as root where tests do.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-webgl',
  // Containers give shared memory 64 MB, with which pages crash.
  '--disable-dev-shm-usage',
  // The same letters everywhere, whatever the screen.
  '--font-render-hinting=none',
]

const started: { browser?: Promise<Browser> } = {}

after(async () => {
  const browser = await started.browser
  if (browser === undefined) return
  const left = browser.contexts().flatMap((context) => context.pages().map((page) => page.url()))
  await browser.close()
  if (left.length > 0) throw new Error(`pages were left open: ${left.join(', ')}`)
})

/** The browser. Whoever opens something in it closes that; the browser ends by itself. */
export function sharedBrowser(): Promise<Browser> {
  started.browser ??= start()
  return started.browser
}

async function start(): Promise<Browser> {
  const { path, env } = await findChromium()
  return chromium.launch({ executablePath: path, args: ARGUMENTS, env: { ...process.env, ...env } })
}
