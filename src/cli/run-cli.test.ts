import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COMMANDS, describeFailure } from './run-cli.ts'
import { runCommand } from './testing/run-command.ts'

describe('help', () => {
  it('is there for every command, with every option, --json included', async () => {
    for (const command of COMMANDS) {
      const { code, stdout } = await runCommand([...command.name.split(' '), '--help'])
      assert.equal(code, 0)
      assert.ok(stdout.startsWith(`Usage: sukuma ${command.name}`))
      for (const option of [...Object.keys(command.options), 'json', 'help']) {
        assert.ok(stdout.includes(`--${option}`), `${command.name} --${option}`)
      }
    }
  })

  it('lists all commands, or those of one group', async () => {
    const all = await runCommand(['--help'])
    assert.equal(all.code, 0)
    for (const { name } of COMMANDS) assert.ok(all.stdout.includes(name))
    const group = await runCommand(['keys', '--help'])
    assert.ok(group.stdout.includes('keys revoke') && !group.stdout.includes('webhooks'))
    assert.match((await runCommand(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
  })
})

describe('a call that makes no sense', () => {
  it('ends with code 2, says what is wrong and prints nothing else', async () => {
    const calls: [string[], RegExp][] = [
      [[], /Usage/],
      [['keys'], /keys create/],
      [['keys', 'frobnicate'], /"keys frobnicate" is no command/],
      [['merchants', 'create'], /--name is required/],
      [['merchants', 'create', '--name', ' '], /--name is required/],
      [['keys', 'create', '--name', 'x', '--scopes', ''], /--scopes is empty/],
      [['keys', 'create', '--name', 'x', '--expires-at='], /--expires-at is empty/],
      [['webhooks', 'add', '--url', 'https://x.example', '--events', ' '], /--events is empty/],
      [['shortcodes', 'set', '1', '--pull-transactions', 'on', '--merchant', ''], /--merchant is empty/],
      [['merchants', 'list', '--nope'], /Unknown option '--nope'/],
      [['merchants', 'list', 'extra'], /unexpected argument "extra"/],
      [['merchants', 'list', '--limit', '0'], /--limit must be/],
      [['keys', 'revoke'], /<id> is missing/],
      [['shortcodes', 'add', '--environment', 'moon', '--kind', 'till', '--number', '1'], /must be one of/],
    ]
    for (const [args, expected] of calls) {
      const { code, stdout, stderr } = await runCommand(args)
      assert.equal(code, 2, args.join(' '))
      assert.equal(stdout, '')
      assert.match(stderr, expected)
    }
  })
})

describe('a failure', () => {
  it('lists every wrong setting at once', async () => {
    const { code, stderr } = await runCommand(['merchants', 'list'], {
      env: { PORT: 'x', SUKUMA_ROLE: 'api' },
    })
    assert.equal(code, 1)
    assert.match(stderr, /PORT must be/)
    assert.match(stderr, /Did you mean SUKUMA_ROLES/)
  })

  it('of the database comes with a remedy', async () => {
    const secret = Buffer.alloc(32, 5).toString('base64')
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', SUKUMA_SECRET: secret }
    const { code, stderr } = await runCommand(['merchants', 'list'], { env })
    assert.equal(code, 1)
    assert.match(stderr, /DATABASE_URL/)
  })

  it('is told in words even when the error has none', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED ::1:5432'), { code: 'ECONNREFUSED' })
    const outer = Object.assign(new AggregateError([inner], ''), { code: 'ECONNREFUSED' })
    assert.match(describeFailure(outer), /connect ECONNREFUSED.*Is the database running/)
    assert.equal(describeFailure('odd'), 'odd')
  })

  it('of a certificate says how to have it believed', () => {
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN']) {
      const failure = Object.assign(new Error('self-signed certificate'), { code })
      assert.match(describeFailure(failure), /^self-signed certificate\. .*sslmode=verify-full&sslrootcert=/)
    }
  })
})
