// A whole gateway with its dashboard, simulator and database, and visitors in a real browser.
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts'
import { sharedBrowser } from './browser.ts'
import { createVisitor, type Visitor, type VisitorOptions } from './visitor.ts'

/** Disposing of it closes all visitors, throwing what went wrong in their pages, and then the gateway. */
export type BrowserBed = TestGateway & {
  /** A visitor of the dashboard, not signed in. */
  visit(options?: VisitorOptions): Promise<Visitor>
  /** A visitor of the virtual phone, by itself. */
  visitPhone(options?: VisitorOptions): Promise<Visitor>
  /** Disposes of `thing` with the bed. */
  use<T extends AsyncDisposable>(thing: T): T
}

/** Starts it; `env` are settings beside those of every test. */
export async function startBrowserBed(options: TestGatewayOptions = {}): Promise<BrowserBed> {
  const browser = await sharedBrowser()
  const env = { SUKUMA_DASHBOARD: 'on', ...options.env }
  await using stack = new AsyncDisposableStack()
  const gateway = stack.use(await startTestGateway({ ...options, env }))
  const { url, simulatorUrl } = gateway.gateway
  if (simulatorUrl === null) throw new Error('the gateway of a test has a simulator')
  const kept = stack.move()
  const visitors: Visitor[] = []
  const welcome = async (at: string, visitor?: VisitorOptions) => {
    const created = await createVisitor(browser, at, visitor)
    visitors.push(created)
    return created
  }
  return {
    ...gateway,
    visit: (visitor) => welcome(url, visitor),
    visitPhone: (visitor) => welcome(simulatorUrl, visitor),
    use: (thing) => kept.use(thing),
    async [Symbol.asyncDispose]() {
      const problems = visitors.flatMap((visitor) => visitor.problems())
      for (const visitor of visitors) await visitor.close()
      await kept.disposeAsync()
      if (problems.length > 0) throw new Error(`pages had problems:\n${problems.join('\n')}`)
    },
  }
}
