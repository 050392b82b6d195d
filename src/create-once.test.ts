import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createOnce } from './create-once.ts'

describe('what is loaded once', () => {
  it('is loaded at the first call, and shared by all who come before it is there and after', async () => {
    let loads = 0
    const read = createOnce(async () => {
      loads += 1
      return { loads }
    })
    assert.equal(loads, 0)
    const [first, second] = await Promise.all([read(), read()])
    assert.equal(first, second)
    assert.equal(await read(), first)
    assert.equal(loads, 1)
  })

  it('is loaded anew after a failure, which all who waited for it are told', async () => {
    const outcomes = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    let loads = 0
    const read = createOnce(async () => {
      loads += 1
      return outcomes[loads - 1]?.promise
    })
    const waiting = [read(), read()]
    outcomes[0]?.reject(new Error('the disk is away'))
    for (const each of waiting) await assert.rejects(each, /the disk is away/)
    outcomes[1]?.resolve('loaded')
    assert.deepEqual([await read(), await read()], ['loaded', 'loaded'])
    assert.equal(loads, 2)
  })
})
