import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Config, type EnvironmentVariables, loadConfig, readEnvironment } from './config.ts'
import { renderEnvExample, SETTINGS } from './config-table.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64')

function load(env: EnvironmentVariables): { config: Config; warnings: readonly string[] } {
  const loaded = loadConfig(env)
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.errors.join('\n'))
  return loaded
}

function errorsOf(env: EnvironmentVariables): readonly string[] {
  const loaded = loadConfig(env)
  return loaded.ok ? [] : loaded.errors
}

describe('the configuration', () => {
  it('has the documented defaults when nothing is set', () => {
    const { config, warnings } = load({ PATH: '/bin', SUKUMA_DATA_DIR: '' })
    assert.deepEqual(warnings, [])
    assert.equal(config.port, 4000)
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.publicUrl, null)
    assert.equal(config.databaseUrl, null)
    assert.equal(config.secretKeys, null)
    assert.equal(config.queueConnection, 'database')
    assert.equal(config.simulatorPort, 4001)
    assert.deepEqual([...config.roles], ['api', 'worker'])
    assert.equal(config.processes, 1)
    assert.equal(config.darajaProductionUrl, 'https://api.safaricom.co.ke')
    assert.ok(config.callbackAllowlist.includes('196.201.212.138/32'))
    assert.equal(config.callbackAllowlist.length, 14)
    assert.equal(config.webhookAllowPrivate, false)
    assert.equal(config.metricsPort, 9464)
    assert.ok(isAbsolute(config.dataDir) && config.dataDir.endsWith('data'))
  })

  it('reads every setting that is given', () => {
    const { config } = load({
      PORT: ' 0 ',
      PUBLIC_URL: 'https://pay.example.com/base/',
      DATABASE_URL: 'postgres://u:p@db:5432/pay',
      SUKUMA_SECRET: `${KEY}, ${OTHER_KEY}`,
      QUEUE_CONNECTION: 'SYNC',
      SIMULATOR_PORT: 'off',
      SUKUMA_ROLES: 'worker',
      SUKUMA_PROCESSES: '4',
      TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7,::1,2001:db8::/32',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      METRICS_PORT: 'OFF',
    })
    assert.equal(config.port, 0)
    assert.equal(config.publicUrl, 'https://pay.example.com/base')
    assert.deepEqual(
      config.secretKeys?.map((key) => key[0]),
      [7, 8],
    )
    assert.equal(config.queueConnection, 'sync')
    assert.equal(config.simulatorPort, null)
    assert.deepEqual([...config.roles], ['worker'])
    assert.equal(config.processes, 4)
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '192.0.2.7/32', '::1/128', '2001:db8::/32'])
    assert.equal(config.webhookAllowPrivate, true)
    assert.equal(config.metricsPort, null)
  })
})

describe('a wrong configuration', () => {
  it('reports every error at once, each naming its setting', () => {
    const wrong: EnvironmentVariables = {
      PORT: '65536',
      HOST: 'not a host',
      PUBLIC_URL: 'pay.example.com',
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      QUEUE_CONNECTION: 'redis',
      SIMULATOR_PORT: '-1',
      SIMULATOR_SPEED: '0',
      SUKUMA_ROLES: 'api,web',
      SUKUMA_PROCESSES: '0',
      TRUSTED_PROXIES: '10.0.0.0/33',
      CALLBACK_ALLOWLIST: 'everyone',
      WEBHOOK_ALLOW_PRIVATE: 'maybe',
      LOG_LEVEL: 'loud',
      SUKUMA_SECRET: 'c2hvcnQ=',
      SUKUMA_DEMO_WEBHOOK_URL: 'ftp://x',
      SUKUMA_SIGN_UP: 'everybody',
      SMTP_URL: 'https://u:hunter2@mail',
      MAIL_FROM: 'nobody',
    }
    const errors = errorsOf(wrong)
    assert.equal(errors.length, Object.keys(wrong).length)
    for (const name of Object.keys(wrong)) {
      assert.ok(
        errors.some((error) => error.startsWith(`${name} `)),
        name,
      )
    }
    assert.ok(!errors.join().includes('hunter2') && !errors.join().includes('c2hvcnQ='))
  })

  it('wants the password of a mail server percent-encoded, and repeats none', () => {
    assert.equal(load({ SMTP_URL: 'smtps://u:50%25off@mail' }).config.smtpUrl, 'smtps://u:50%25off@mail')
    for (const login of ['u:50%off', '50%off:p', 'u:%ff']) {
      const [error = '', ...others] = errorsOf({ SMTP_URL: `smtps://${login}@mail:465` })
      assert.match(error, /^SMTP_URL must be a URL .* percent-encoded/)
      assert.ok(others.length === 0 && !error.includes(login), error)
    }
  })

  it('takes from 1 to 64 processes, or one a core', () => {
    assert.equal(load({ SUKUMA_PROCESSES: '64' }).config.processes, 64)
    assert.ok(load({ SUKUMA_PROCESSES: 'auto' }).config.processes >= 1)
    for (const text of ['0', '65', '-1', '2.5', 'all']) {
      assert.match(errorsOf({ SUKUMA_PROCESSES: text })[0] ?? '', /from 1 to 64, or auto/)
    }
  })

  it('wants a secret when the database is the user’s own', () => {
    const errors = errorsOf({ DATABASE_URL: 'postgres://db/pay' })
    assert.equal(errors.length, 1)
    assert.match(errors[0] ?? '', /^SUKUMA_SECRET is required.*openssl rand -base64 32/)
  })

  it('refuses two servers on one port', () => {
    assert.match(errorsOf({ PORT: '4001' })[0] ?? '', /SIMULATOR_PORT and PORT are both 4001/)
    assert.deepEqual(errorsOf({ PORT: '0', SIMULATOR_PORT: '0', METRICS_PORT: '0' }), [])
    assert.deepEqual(errorsOf({ SIMULATOR_PORT: 'off', METRICS_PORT: 'off' }), [])
  })

  it('refuses an unknown SUKUMA_ name and says what was probably meant', () => {
    assert.match(errorsOf({ SUKUMA_ROLE: 'api' })[0] ?? '', /Did you mean SUKUMA_ROLES\?/)
    assert.match(errorsOf({ SUKUMA_PORT: '1' })[0] ?? '', /Did you mean PORT\?/)
    assert.match(errorsOf({ SUKUMA_NOPE: '1' })[0] ?? '', /Remove it/)
    assert.match(errorsOf({ SUKUMA_FLUX_CAPACITOR: '1' })[0] ?? '', /\.env\.example/)
    assert.deepEqual(errorsOf({ SOMETHING_ELSE: '1' }), [])
  })
})

describe('in a pod of Kubernetes', () => {
  /** As the kubelet writes them for a service at one address, with a named port. */
  function serviceLinks(service: string, protocol = 'tcp'): EnvironmentVariables {
    const name = service.toUpperCase().replaceAll('-', '_')
    const port = `${name}_PORT_4000_${protocol.toUpperCase()}`
    return {
      [`${name}_SERVICE_HOST`]: '10.0.171.239',
      [`${name}_SERVICE_PORT`]: '4000',
      [`${name}_SERVICE_PORT_HTTP_API`]: '4000',
      [`${name}_PORT`]: `${protocol}://10.0.171.239:4000`,
      [port]: `${protocol}://10.0.171.239:4000`,
      [`${port}_PROTO`]: protocol,
      [`${port}_PORT`]: '4000',
      [`${port}_ADDR`]: '10.0.171.239',
    }
  }

  it('passes over what is told of services of the same name', () => {
    for (const service of ['sukuma', 'sukuma-worker']) {
      for (const protocol of ['tcp', 'udp', 'sctp']) {
        const { config } = load(serviceLinks(service, protocol))
        assert.deepEqual([config.port, config.simulatorPort, config.metricsPort], [4000, 4001, 9464])
      }
    }
  })

  it('still refuses names that only look like those of services', () => {
    const wrong = {
      SUKUMA_PORT: '4000',
      SUKUMA_PORTT: 'tcp://10.0.171.239:4000',
      SUKUMA_SERVICE: 'x',
      SUKUMA_SERVICE_HOSTS: 'x',
      SUKUMA_PORT_TCP: 'x',
      SUKUMA_PORT_4000_TCP_NAME: 'x',
    }
    const errors = errorsOf({ ...serviceLinks('sukuma'), ...wrong })
    assert.deepEqual(
      errors.map((error) => error.split(' ')[0]),
      Object.keys(wrong).sort(),
    )
  })

  it('says what to do where a service has the name of a setting', () => {
    const errors = errorsOf({ ...serviceLinks('metrics'), ...serviceLinks('simulator') })
    assert.equal(errors.length, 2)
    assert.match(errors[0] ?? '', /^SIMULATOR_PORT is "tcp:.*enableServiceLinks: false/)
    assert.match(errors[1] ?? '', /^METRICS_PORT is "tcp:.*enableServiceLinks: false/)
  })
})

describe('PUBLIC_URL', () => {
  it('is warned about when Daraja would refuse callbacks to it', () => {
    assert.match(load({ PUBLIC_URL: 'https://MPESA.example.com' }).warnings[0] ?? '', /"mpesa"/)
    assert.match(load({ PUBLIC_URL: 'https://a.example.com/sqlite' }).warnings[0] ?? '', /"sql"/)
    assert.match(load({ PUBLIC_URL: 'http://pay.example.com' }).warnings[0] ?? '', /plain http/)
  })

  it('is taken without a word when callbacks can reach it', () => {
    assert.deepEqual(load({ PUBLIC_URL: 'https://pay.example.com' }).warnings, [])
    assert.deepEqual(load({ PUBLIC_URL: 'http://localhost:4000' }).warnings, [])
    assert.deepEqual(load({ PUBLIC_URL: 'http://[::1]:4000' }).warnings, [])
  })

  it('must not hold a query, a fragment or a password', () => {
    for (const url of ['https://a.ke/?', 'https://a.ke/?x=1', 'https://a.ke/#', 'https://u:p@a.ke']) {
      assert.equal(errorsOf({ PUBLIC_URL: url }).length, 1, url)
    }
  })
})

describe('reading settings', () => {
  it('never throws and never yields NaN, whatever the text', () => {
    const names = Object.values(SETTINGS).map((setting) => setting.name)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (env) => {
        const loaded = loadConfig(env)
        if (loaded.ok) {
          const { port, simulatorPort, metricsPort, simulatorSpeed } = loaded.config
          for (const number of [port, simulatorPort ?? 0, metricsPort ?? 0, simulatorSpeed]) {
            assert.ok(Number.isFinite(number))
          }
        } else {
          assert.ok(loaded.errors.length > 0)
        }
      }),
    )
  })

  it('takes a .env file, and the real environment over it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sukuma-config-'))
    try {
      assert.equal(readEnvironment(folder).SIMULATOR_SPEED, undefined)
      await writeFile(join(folder, '.env'), 'SIMULATOR_SPEED=20 # fast\nPATH=/nowhere\n')
      const env = readEnvironment(folder)
      assert.equal(env.SIMULATOR_SPEED, '20')
      assert.notEqual(env.PATH, '/nowhere')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('fails loudly when the .env file cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sukuma-config-'))
    try {
      // A file where the folder should be: unreadable for every user, root included.
      await writeFile(join(folder, 'file'), '')
      assert.throws(() => readEnvironment(join(folder, 'file')), /ENOTDIR/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('.env.example', () => {
  it('shows every setting with its default, and is up to date', async () => {
    const text = renderEnvExample()
    for (const setting of Object.values(SETTINGS)) {
      assert.ok(text.includes(`\n#${setting.name}=${setting.default}\n`), setting.name)
    }
    const written = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
    assert.equal(written, text, 'run npm run build')
  })
})
