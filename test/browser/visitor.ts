// Somebody in front of the dashboard: a page with cookies of its own, that notes whatever goes wrong in it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** What may differ from the usual visitor, who reads English at a desk, in daylight. */
export type VisitorOptions = {
  theme?: 'light' | 'dark'
  language?: 'en' | 'sw'
  /** Of the window, in CSS pixels. */
  width?: number
  height?: number
  /** Of the device; Nairobi unless told. */
  timeZone?: string
  /** Whose cookies the visitor has; nobody's unless told. */
  as?: SignedIn
}

/** The cookies of somebody who has signed in. */
export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

/** Disposing of it closes the page, and throws when anything went wrong in it that was not expected. */
export type Visitor = AsyncDisposable & {
  page: Page
  context: BrowserContext
  /** Opens an address of the dashboard, and waits until it has been drawn and nothing is being loaded. */
  open(path: string): Promise<void>
  /** From now on, problems that match are part of the test. */
  expectProblem(pattern: RegExp): void
  /** What went wrong so far and was not expected. */
  problems(): string[]
  /** Closes the page, whatever went wrong in it. */
  close(): Promise<void>
}

const DESK = { width: 1280, height: 800 }
/** Who is not signed in is told so by the first question that every page asks. */
const SIGNED_OUT = /^401 GET .*\/dashboard\/session$/
const WAIT_LIMIT_MS = 15_000

/** Opens a page for a visitor; `url` is where the dashboard, or the virtual phone, is. */
export async function createVisitor(
  browser: Browser,
  url: string,
  options: VisitorOptions = {},
): Promise<Visitor> {
  const { theme = 'light', language = 'en', width = DESK.width, height = DESK.height } = options
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    locale: `${language}-KE`,
    timezoneId: options.timeZone ?? 'Africa/Nairobi',
    // What moves is looked at when it has arrived.
    reducedMotion: 'reduce',
    ...(options.as === undefined ? {} : { storageState: options.as }),
  })
  context.setDefaultTimeout(WAIT_LIMIT_MS)
  const found: string[] = []
  const expected = [SIGNED_OUT]
  const note = (text: string) => found.push(text)
  const problems = () => found.filter((text) => !expected.some((pattern) => pattern.test(text)))
  context.on('page', (page) => watch(page, note))
  const page = await context.newPage()
  const close = async () => {
    if (!page.isClosed()) await keepLastLook(page)
    await context.close()
  }
  return {
    page,
    context,
    close,
    async open(path) {
      await page.goto(path)
      await settle(page)
    },
    expectProblem: (pattern) => expected.push(pattern),
    problems,
    async [Symbol.asyncDispose]() {
      await close()
      const left = problems()
      if (left.length > 0) throw new Error(`the page had problems:\n${left.join('\n')}`)
    },
  }
}

/** Waits until the page is whole: what it shows while it loads is gone. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('#root')?.childElementCount !== 0 &&
      !document.querySelector('.mantine-Skeleton-root[data-visible]'),
  )
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

/** The next request to `url` is taken, and its answer is lost on the way. */
export async function loseAnswer({ page, expectProblem }: Visitor, url: string): Promise<void> {
  expectProblem(/ERR_CONNECTION_RESET/)
  await page.route(
    url,
    async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
}

/** With BROWSER_PICTURES=folder, what a page showed at its end is kept there: for a test that fails. */
async function keepLastLook(page: Page): Promise<void> {
  const folder = process.env.BROWSER_PICTURES
  if (folder === undefined || folder === '') return
  const name = join(folder, `${Date.now()}${new URL(page.url()).pathname.replaceAll('/', '-')}`)
  await page.screenshot({ path: `${name}.png` })
  await writeFile(`${name}.txt`, await page.locator('body').ariaSnapshot())
}

function watch(page: Page, note: (text: string) => void): void {
  page.on('pageerror', (error) => note(`error: ${error.message}`))
  page.on('crash', () => note('the page crashed'))
  page.on('console', (message) => {
    // That an answer was no success is noted with the answer, where its address is.
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded')
    if (message.type() === 'error' && !isAnswer) note(`console: ${message.text()}`)
    if (message.type() === 'warning' && /content security policy/i.test(message.text())) {
      note(`policy: ${message.text()}`)
    }
  })
  page.on('response', (answer) => {
    if (answer.status() < 400) return
    note(`${answer.status()} ${answer.request().method()} ${answer.url()}`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    // Who leaves a page ends what it was asking for.
    if (reason !== 'net::ERR_ABORTED') note(`${reason} ${request.method()} ${request.url()}`)
  })
}
