import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { systemClock } from '../clock.ts'
import type { EnvironmentVariables } from '../config.ts'
import { createUuidSource, parsePrefixedId, prefixedId, type Uuid } from '../ids.ts'
import { runCommand } from './testing/run-command.ts'

const MINUTE = 60_000
const HEAD = 'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Other Party Info,A/C No.'
const newUuid = createUuidSource(systemClock)

let database: TestDatabase
let env: EnvironmentVariables
before(async () => {
  database = await createTestDatabase()
  env = { DATABASE_URL: database.url, SUKUMA_SECRET: Buffer.alloc(32, 5).toString('base64') }
})
after(() => database[Symbol.asyncDispose]())

async function runJson(args: string[], options: { folder?: string; code?: number } = {}) {
  const { code = 0, ...rest } = options
  const run = await runCommand([...args, '--json'], { env, ...rest })
  assert.equal(run.code, code, run.stderr)
  return JSON.parse(run.stdout)
}

async function newShop(name: string) {
  const merchant = (await runJson(['merchants', 'create', '--name', name])).id
  const paybill = [
    '--environment',
    'simulator',
    '--kind',
    'paybill',
    '--number',
    '600123',
    '--pull-transactions',
  ]
  const shortcode = await runJson(['shortcodes', 'add', ...paybill, '--merchant', merchant])
  assert.equal(shortcode.pull_transactions, true)
  return { merchant, shortcode: shortcode.id }
}

type Shop = Awaited<ReturnType<typeof newShop>>
type Wish = { ago: number; phone: string; reference: string; receipt?: string }

/** A payment sent so many minutes ago: uncertain, or paid under `receipt`. */
async function addPayment(shop: Shop, { ago, phone, reference, receipt }: Wish): Promise<string> {
  const id = createUuidSource({ now: () => systemClock.now() - ago * MINUTE })()
  const sentAt = new Date(systemClock.now() - ago * MINUTE)
  const isPaid = receipt !== undefined
  const evidence = isPaid ? JSON.stringify({ source: 'callback', confidence: 'proven' }) : null
  const [merchantId, shortcodeId] = [
    parsePrefixedId('mer', shop.merchant),
    parsePrefixedId('sc', shop.shortcode),
  ]
  await database.pool.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, outcome, amount, phone,
       reference, expires_at, receipt, paid_at, evidence, created_at, updated_at, sent_at, settled_at)
     values ($1, $2, $3, 'simulator', false, $4, $5, 100, $6, $7, $8, $9, $10, $11, $8, $8, $8, $10)`,
    [
      ...[merchantId, id, shortcodeId, isPaid ? 'succeeded' : 'uncertain', isPaid ? 'paid' : null],
      ...[phone, reference, sentAt, receipt ?? null, isPaid ? sentAt : null, evidence],
    ],
  )
  return prefixedId('pay', id)
}

/** A line of a statement, so many minutes ago in East Africa Time. */
function line(receipt: string, ago: number, phone: string, account: string): string {
  const eat = new Date(systemClock.now() - ago * MINUTE + 180 * MINUTE).toISOString()
  const time = eat.slice(0, 19).replace('T', ' ')
  return `${receipt},${time},Pay Bill Online,Completed,100.00,${phone} - JANE,${account}`
}

async function stateOf(id: string): Promise<unknown[]> {
  const found = await database.pool.query('select state, result_code, receipt from payments where id = $1', [
    parsePrefixedId('pay', id) satisfies Uuid | null,
  ])
  const [row] = found.rows
  return [row.state, row.result_code, row.receipt]
}

test('an exported statement settles what is uncertain, and a dry run only tells', async () => {
  await using folder = await createTemporaryFolder()
  const shop = await newShop('import')
  const lost = await addPayment(shop, { ago: 120, phone: '254712000001', reference: 'INV-1' })
  const never = await addPayment(shop, { ago: 120, phone: '254712000002', reference: 'INV-2' })
  await addPayment(shop, { ago: 150, phone: '254712000003', reference: 'INV-3', receipt: 'KNOWN00001' })
  const lines = [
    HEAD,
    line('HAND000001', 60, '254712000009', 'BY-HAND'),
    line('PAID000001', 119, '2547****0001', 'inv-1'),
    line('KNOWN00001', 150, '254712000003', 'INV-3'),
    line('EARLY00001', 200, '254712000009', 'BY-HAND'),
  ]
  await writeFile(join(folder.path, 'june.csv'), lines.join('\n'))
  const command = ['statement', 'import', 'june.csv', '--shortcode', '600123', '--merchant', shop.merchant]
  const told = await runJson([...command, '--dry-run'], { folder: folder.path })
  assert.equal(told.settled, null)
  assert.deepEqual(await stateOf(lost), ['uncertain', null, null])
  const done = await runJson(command, { folder: folder.path })
  assert.deepEqual(done.verdicts, told.verdicts)
  assert.deepEqual(done.settled, { paid: 1, corrected: 0, receipts: 0, notPaid: 1 })
  assert.deepEqual(
    done.foreign.map(({ receipt }: { receipt: string }) => receipt),
    ['HAND000001', 'EARLY00001'],
  )
  assert.deepEqual(done.missing, [])
  assert.deepEqual(await stateOf(lost), ['succeeded', '0', 'PAID000001'])
  assert.deepEqual(await stateOf(never), ['failed', 'not_on_statement', null])
  const again = await runJson(command, { folder: folder.path })
  assert.deepEqual(again.settled, { paid: 0, corrected: 0, receipts: 0, notPaid: 0 })
  const text = await runCommand(command, { env, folder: folder.path })
  assert.match(text.stdout, /On the statement and no payment here: 2\n {2}HAND000001/)
})

test('what is called paid here and missing there is an alarm that changes nothing', async () => {
  await using folder = await createTemporaryFolder()
  const shop = await newShop('alarm')
  const never = await addPayment(shop, { ago: 120, phone: '254712000002', reference: 'INV-2' })
  const known = await addPayment(shop, {
    ago: 90,
    phone: '254712000003',
    reference: 'INV-3',
    receipt: 'GONE000001',
  })
  const lines = [
    HEAD,
    line('HAND000001', 20, '254712000009', 'X'),
    line('EARLY00001', 200, '254712000009', 'X'),
  ]
  await writeFile(join(folder.path, 'june.csv'), lines.join('\n'))
  const command = ['statement', 'import', 'june.csv', '--shortcode', '600123', '--merchant', shop.merchant]
  const run = await runCommand(command, { env, folder: folder.path })
  assert.equal(run.code, 1)
  assert.match(run.stdout, new RegExp(`ALARM: called paid here and missing there: 1.*\\n {2}${known}`))
  assert.deepEqual(await stateOf(known), ['succeeded', null, 'GONE000001'])
  assert.deepEqual(await stateOf(never), ['uncertain', null, null])
})

test('a file that is no statement of that shortcode changes nothing, and says why', async () => {
  await using folder = await createTemporaryFolder()
  const shop = await newShop('refusals')
  const base = ['--shortcode', shop.shortcode, '--merchant', shop.merchant]
  const fails = async (file: string, text: string, reason: RegExp) => {
    await writeFile(join(folder.path, file), text)
    const run = await runCommand(['statement', 'import', file, ...base], { env, folder: folder.path })
    assert.equal(run.code, 1)
    assert.match(run.stderr, reason)
  }
  await fails(
    'a.csv',
    `${HEAD}\n?,2026-06-01 10:00:00,,Completed,1.00,,`,
    /nothing was changed:\nline 2: "\?"/,
  )
  await fails('b.csv', `Short Code:,700999\n${HEAD}\n${line('A000000001', 5, '', '')}`, /statement of 700999/)
  const gone = await runCommand(['statement', 'import', 'no.csv', ...base], { env, folder: folder.path })
  assert.match(gone.stderr, /There is no file/)
})

test('an operator is shown everything about one payment', async () => {
  const shop = await newShop('show')
  const id = await addPayment(shop, { ago: 60, phone: '254712000001', reference: 'INV-1' })
  const run = await runCommand(['payments', 'show', id, '--merchant', shop.merchant], { env })
  assert.equal(run.code, 0, run.stderr)
  assert.match(run.stdout, new RegExp(`^${id} {2}uncertain {2}KES 100`))
  assert.match(run.stdout, /Uncertain since .*no id to ask M-Pesa by/)
  assert.match(run.stdout, /What comes next\n {2}\S+ {2}statement/)
  const set = ['shortcodes', 'set', shop.shortcode, '--pull-transactions', 'off', '--merchant', shop.merchant]
  assert.equal((await runJson(set)).pull_transactions, false)
  const other = await newShop('other')
  const foreign = await runCommand(['payments', 'show', id, '--merchant', other.merchant], { env })
  assert.match(foreign.stderr, /has no payment/)
  assert.equal((await runCommand(['payments', 'show', prefixedId('pay', newUuid())], { env })).code, 1)
})
