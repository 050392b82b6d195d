// The database goes away under people who sign in: a 503 that says when to come again, and no session lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../support/database.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { asMerchant, merchantsOf, openBrowser, PASSWORD, signUp, WITH_ACCOUNTS } from '../support/people.ts'
import { startPostgresProxy } from '../support/postgres-proxy.ts'

test('while the database is away people are told to come again, and stay signed in', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const db = cleanUp.use(await createTestDatabase())
  const proxy = cleanUp.use(await startPostgresProxy())
  const through = { ...db, url: proxy.through(db.url) }
  const bed = cleanUp.use(await startTestGateway({ db: through, env: WITH_ACCOUNTS }))
  const owner = await signUp(bed, 'amina@shop.example')
  const [merchant] = await merchantsOf(owner)
  assert.ok(merchant)
  proxy.set({ kind: 'refuse' })
  proxy.cutAll()
  const browser = openBrowser(bed.gateway.url)
  const away = await until('the outage', async () => {
    const asked = await owner.get('/dashboard/session')
    return asked.status === 503 ? asked : null
  })
  assert.ok(Number(away.headers.get('retry-after')) > 0)
  const credentials = { email: owner.email, password: PASSWORD }
  const signIn = await browser.post('/auth/sign-in/email', credentials)
  assert.deepEqual([signIn.status, signIn.body.code], [503, 'unavailable'])
  proxy.set({ kind: 'none' })
  await until('the session', async () => (await owner.get('/dashboard/session')).status === 200)
  assert.equal((await owner.get('/v1/account', asMerchant(merchant.id))).status, 200)
  await until(
    'a sign-in',
    async () => (await browser.post('/auth/sign-in/email', credentials)).status === 200,
  )
})
