// The first start with the embedded database: a link that signs the demo user in, fresh at every start.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { asMerchant, merchantsOf, openBrowser, signUp, tokenOf } from '../support/people.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
/** PostgreSQL runs as another user when this is root, and must be able to enter. */
const FOLDER_MODE = 0o755

type Started = { child: ChildProcess; url: string; link: string | null }

async function start(dataDir: string): Promise<Started> {
  const child = spawn(process.execPath, [CLI, 'start', '--json'], {
    env: {
      SUKUMA_DATA_DIR: dataDir,
      PORT: '0',
      SIMULATOR_PORT: '0',
      METRICS_PORT: 'off',
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const told = JSON.parse(line.toString('utf8')) as { url: string; sign_in_url: string | null }
  return { child, url: told.url, link: told.sign_in_url }
}

async function end({ child }: Started): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

test('the demo user signs in by the printed link, and the first to sign up can remove them', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const folder = cleanUp.use(await createTemporaryFolder(FOLDER_MODE))
  const dataDir = join(folder.path, 'data')
  const first = await start(dataDir)
  cleanUp.defer(() => void first.child.kill('SIGKILL'))
  assert.ok(first.link?.startsWith(`${first.url}/sign-in#link=`), String(first.link))
  const demo = openBrowser(first.url)
  const token = { token: tokenOf(first.link ?? '') }
  assert.equal((await demo.post('/auth/sign-in/link', token)).status, 200)
  assert.equal((await openBrowser(first.url).post('/auth/sign-in/link', token)).status, 401)
  const [own] = await merchantsOf(demo)
  assert.deepEqual([own?.name, own?.role], ['demo', 'owner'])
  const config = (await demo.get('/dashboard/config')).body
  assert.deepEqual([config.sign_up, config.demo, config.mail], ['first', true, false])
  await end(first)

  const second = await start(dataDir)
  cleanUp.defer(() => void second.child.kill('SIGKILL'))
  assert.notEqual(second.link, first.link)
  const wish = { merchantName: 'Duka la Amina' }
  const owner = await signUp({ gateway: { url: second.url } }, 'amina@shop.example', wish)
  const [shared] = await merchantsOf(owner)
  assert.deepEqual([shared?.id, shared?.name], [own?.id, 'Duka la Amina'])
  const headers = asMerchant(shared?.id ?? '')
  const team = await owner.ask('GET', '/dashboard/team', undefined, headers)
  const members = team.body.members as { id: string; email: string }[]
  const demoId = members.find(({ email }) => email === 'demo@sukuma.local')?.id
  const removed = await owner.ask('DELETE', `/dashboard/team/members/${demoId}`, undefined, headers)
  assert.equal(removed.status, 204, removed.text)
  await end(second)

  const third = await start(dataDir)
  cleanUp.defer(() => void third.child.kill('SIGKILL'))
  assert.equal(third.link, null)
  await end(third)
})
