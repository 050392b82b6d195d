// `npm run lighthouse`: what Lighthouse makes of the built pages, on a phone and at a desk; of one of them
// with `-- --page=/team`. No part of the tests, as its figures depend on the machine.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import lighthouse, { desktopConfig } from 'lighthouse'
import { type BrowserContext, chromium } from 'playwright-core'
import { freePort } from '../../bench/free-port.ts'
import { signUp } from './accounts.ts'
import { findChromium } from './chromium.ts'
import { startDemoGateway } from './demo-gateway.ts'

const CATEGORIES = ['performance', 'accessibility', 'best-practices']
const PAGES = [
  '/sign-in',
  '/',
  '/payments',
  '/payments/new',
  '/api-keys',
  '/webhooks',
  '/shortcodes',
  '/start',
]
const DEVICES = ['phone', 'desk'] as const
/** On a slow phone, with room. */
const LOADED_AFTER_MS = 15_000
/** What is promised of every page. */
const SCORE_MIN = 95

type Device = (typeof DEVICES)[number]
type Judgement = { page: string; device: Device; scores: Record<string, number>; faults: string[] }

async function judge(url: string, page: string, at: { port: number; device: Device }): Promise<Judgement> {
  const { port, device } = at
  const config = device === 'desk' ? desktopConfig : undefined
  // The session stays, and nothing that was loaded before.
  const flags = {
    port,
    onlyCategories: CATEGORIES,
    logLevel: 'error' as const,
    // Pages are told of changes on a line that stays open: the network is never idle.
    maxWaitForLoad: LOADED_AFTER_MS,
  }
  const result = await lighthouse(`${url}${page}`, flags, config)
  if (result === undefined) throw new Error(`Lighthouse had nothing to say about ${page}`)
  const { categories, audits, runtimeError } = result.lhr
  if (runtimeError !== undefined) throw new Error(`${page}: ${runtimeError.message}`)
  const scores = CATEGORIES.map((name): [string, number] => [
    name,
    Math.round((categories[name]?.score ?? 0) * 100),
  ])
  const faults = Object.values(audits)
    .filter(
      ({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== 'informative',
    )
    .map(({ title, displayValue }) => [title, displayValue].filter(Boolean).join(': '))
  return { page, device, scores: Object.fromEntries(scores), faults }
}

async function openBrowser(port: number): Promise<BrowserContext> {
  const { path, env } = await findChromium()
  // A context that Lighthouse's own pages share, so that they are signed in.
  return chromium.launchPersistentContext('', {
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--remote-debugging-port=${port}`],
    env: { ...process.env, ...env },
  })
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { page: { type: 'string', multiple: true, default: PAGES }, json: { type: 'string' } },
  })
  await using demo = await startDemoGateway()
  const { url } = demo.gateway
  const port = await freePort()
  const context = await openBrowser(port)
  const judgements: Judgement[] = []
  try {
    await signUp(context, url, { merchantName: 'Duka la Wanjiku' })
    for (const page of values.page) {
      for (const device of DEVICES) {
        const judgement = await judge(url, page, { port, device })
        judgements.push(judgement)
        const scores = Object.entries(judgement.scores).map(([name, score]) => `${name} ${score}`)
        process.stdout.write(`${page} (${device}): ${scores.join(', ')}\n`)
        for (const fault of judgement.faults) process.stdout.write(`    ${fault}\n`)
      }
    }
  } finally {
    await context.close()
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(judgements, null, 2)}\n`)
  const isFine = judgements.every(({ scores }) => Object.values(scores).every((score) => score >= SCORE_MIN))
  return isFine ? 0 : 1
}

process.exit(await main())
