import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createCheckout, end } from './checkout.ts'

/** Counts the signals it gets, and ends a moment after the first with exit code 7. */
const COUNTING = `
  let count = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      count += 1
      if (count > 1) return
      setTimeout(() => {
        process.stdout.write(signal + ' ' + count + '\\n')
        process.exit(7)
      }, 300)
    })
  }
  process.stdout.write(process.pid + '\\n')
  setInterval(() => {}, 1000)
`

test('the exit code is passed on', async () => {
  await using checkout = await createCheckout({ main: 'process.exit(3)' })
  assert.equal((await checkout.run('sukuma.mjs', [])).code, 3)
})

test('a checkout may lie in a folder with signs in its name that mean something in an address', async () => {
  const main = "process.stdout.write('one' as string)"
  await using checkout = await createCheckout({ main, folder: 'a#b%20c?d=e' })
  const { stdout, stderr } = await checkout.run('sukuma.mjs', [])
  assert.equal(stdout, 'one', stderr)
})

test('paths in arguments are those of the caller, whether npm comes between or not', async () => {
  await using checkout = await createCheckout({ main: 'process.stdout.write(String(process.env.INIT_CWD))' })
  assert.equal((await checkout.run('sukuma.mjs', [])).stdout, dirname(checkout.path))
  assert.equal((await checkout.run('sukuma.mjs', [], { INIT_CWD: '/srv/shop' })).stdout, '/srv/shop')
})

test('a program ended by a signal ends its launcher the same way', async () => {
  await using checkout = await createCheckout({ main: "process.kill(process.pid, 'SIGKILL')" })
  assert.equal((await checkout.run('sukuma.mjs', [])).signal, 'SIGKILL')
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} is passed on once, although npm sends it a second time`, async () => {
    await using checkout = await createCheckout({ main: COUNTING })
    const launcher = checkout.start('sukuma.mjs', [])
    assert.ok(launcher.stdout)
    await once(launcher.stdout, 'data')
    const ended = end(launcher)
    launcher.kill(signal)
    launcher.kill(signal)
    const { code, stdout } = await ended
    assert.equal(code, 7)
    assert.equal(stdout, `${signal} 1\n`)
  })
}

test('a killed launcher leaves no program behind', async () => {
  await using checkout = await createCheckout({ main: COUNTING })
  const launcher = checkout.start('sukuma.mjs', [])
  assert.ok(launcher.stdout)
  await once(launcher.stdout, 'data')
  launcher.kill('SIGKILL')
  // Its output ends when the program, which shares it, has ended as well.
  assert.equal((await end(launcher)).stdout, 'SIGTERM 1\n')
})

test('what Node makes of a program is kept in the checkout, and a changed one runs as changed', async () => {
  await using checkout = await createCheckout({ main: "process.stdout.write('one' as string)" })
  assert.equal((await checkout.run('sukuma.mjs', [])).stdout, 'one')
  const kept = await readdir(join(checkout.path, 'node_modules', '.cache', 'compiled'))
  assert.equal(kept.length, 1)
  assert.equal((await checkout.run('sukuma.mjs', [])).stdout, 'one')
  const main = join(checkout.path, 'src', 'cli', 'main.ts')
  await writeFile(main, "process.stdout.write('two' as string)")
  assert.equal((await checkout.run('sukuma.mjs', [])).stdout, 'two')
})

test('a program runs all the same where nothing can be kept', async () => {
  await using checkout = await createCheckout({ main: "process.stdout.write('one' as string)" })
  await mkdir(join(checkout.path, 'node_modules'))
  await writeFile(join(checkout.path, 'node_modules', '.cache'), 'in the way')
  await cp(
    join(checkout.path, 'package-lock.json'),
    join(checkout.path, 'node_modules', '.package-lock.json'),
  )
  assert.equal((await checkout.run('sukuma.mjs', [])).stdout, 'one')
})
