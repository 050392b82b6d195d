// `npm run screenshots`: a picture of every page into docs/screenshots/, by day, at night and on a phone, of
// a busy shop. `-- --page=payments` makes those of one.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { OPENED_AGO_MS, openBusyShop } from './busy-shop.ts'
import { findChromium } from './chromium.ts'
import { type DemoGateway, startDemoGateway } from './demo-gateway.ts'
import { everyRoute, type Route } from './routes.ts'
import { createVisitor, type SignedIn, type Visitor, type VisitorOptions } from './visitor.ts'

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
const QUALITY = 80
const LOOKS: Record<string, VisitorOptions> = {
  light: { theme: 'light' },
  dark: { theme: 'dark' },
  phone: { theme: 'light', width: 360, height: 780 },
}
/** Charts and pictures of a moment arrive within it. */
const STILL_AFTER_MS = 700

type Place = { route: Route; at: string; as: SignedIn | null }

async function takePicture(visitor: Visitor, file: string): Promise<number> {
  const { page, context } = visitor
  await page.waitForTimeout(STILL_AFTER_MS)
  const session = await context.newCDPSession(page)
  const options = { format: 'webp', quality: QUALITY } as const
  const { data } = await session.send('Page.captureScreenshot', options)
  await session.detach()
  const picture = Buffer.from(data, 'base64')
  await writeFile(file, picture)
  return picture.length
}

/** The page that sends payments is shown while its prompt is up on the virtual phone. */
async function prepare({ page }: Visitor, { name }: Route): Promise<void> {
  if (name !== 'payments-new') return
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill('0712 345 678')
  await page.getByRole('textbox', { name: 'Amount' }).fill('1250')
  await page.getByRole('textbox', { name: 'Reference' }).fill('INV-1200')
  const { width = 0 } = page.viewportSize() ?? {}
  if (width < 1000) return
  await page.frameLocator('iframe').getByText('0712 345 678').first().waitFor()
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.frameLocator('iframe').getByRole('dialog').waitFor()
}

/** … and paid afterwards, so that the next picture shows a payment that went well. */
async function finish({ page }: Visitor, { name }: Route): Promise<void> {
  const phone = page.frameLocator('iframe')
  if (name !== 'payments-new' || !(await phone.getByRole('dialog').isVisible())) return
  await phone.getByLabel('Enter M-PESA PIN:').fill('1234')
  await phone.getByRole('dialog').getByRole('button', { name: 'Send' }).first().click()
  await page.getByRole('main').getByText('Paid', { exact: true }).first().waitFor()
}

async function takeAll(browser: Browser, places: Place[], look: string): Promise<number> {
  const folder = `${FOLDER}${look}/`
  await mkdir(folder, { recursive: true })
  let bytes = 0
  for (const { route, at, as } of places) {
    const visitor = await createVisitor(browser, at, { ...LOOKS[look], ...(as === null ? {} : { as }) })
    await visitor.open(route.path)
    await prepare(visitor, route)
    bytes += await takePicture(visitor, `${folder}${route.name}.webp`)
    await finish(visitor, route)
    for (const problem of visitor.problems()) process.stderr.write(`${look} ${route.path}: ${problem}\n`)
    await visitor.close()
  }
  return bytes
}

/** The clock that the shop's past is made by, and its shop. */
async function open(
  browser: Browser,
  stack: AsyncDisposableStack,
): Promise<{ demo: DemoGateway; places: Place[] }> {
  const clock = { behindMs: OPENED_AGO_MS, now: () => Math.round(Date.now() - clock.behindMs) }
  const env = { SIMULATOR_SPEED: '12' }
  const demo = stack.use(await startDemoGateway(env, clock))
  const context = await browser.newContext()
  const things = await openBusyShop({ demo, clock, context }, stack)
  const as = await context.storageState()
  await context.close()
  const { url } = demo.gateway
  const places: Place[] = everyRoute(things).map((route) => ({
    route,
    at: url,
    as: route.isOpen ? null : as,
  }))
  const phone = { name: 'virtual-phone', pattern: '/', path: '/?number=0712345678', isOpen: true }
  places.push({ route: phone, at: demo.simulatorUrl, as: null })
  return { demo, places }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { page: { type: 'string', multiple: true } } })
  await using stack = new AsyncDisposableStack()
  const { path, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: { ...process.env, ...env },
  })
  stack.defer(() => browser.close())
  const { places } = await open(browser, stack)
  const wanted = places.filter(({ route }) => values.page?.includes(route.name) ?? true)
  for (const look of Object.keys(LOOKS)) {
    const bytes = await takeAll(browser, wanted, look)
    process.stdout.write(`${look}: ${wanted.length} pictures, ${Math.round(bytes / 1024)} KiB\n`)
  }
}

await main()
