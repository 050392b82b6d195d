import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createSealer, SealedError } from './sealed.ts'

const FIRST = randomBytes(32)
const SECOND = randomBytes(32)

describe('sealing', () => {
  it('gives back every text, and never shows it', () => {
    const sealer = createSealer([FIRST])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string(), (text, context) => {
        const sealed = sealer.seal(text, context)
        assert.equal(sealer.open(sealed, context), text)
        if (text.length > 8) assert.ok(!sealed.includes(text))
      }),
    )
  })

  it('seals the same text differently each time', () => {
    const sealer = createSealer([FIRST])
    assert.ok(!sealer.seal('x', 'c').equals(sealer.seal('x', 'c')))
  })

  it('does not open in another context', () => {
    const sealer = createSealer([FIRST])
    const sealed = sealer.seal('passkey', 'shortcode:a:1')
    assert.throws(() => sealer.open(sealed, 'shortcode:a:2'), SealedError)
  })

  it('does not open once any byte was changed', () => {
    const sealer = createSealer([FIRST])
    const sealed = sealer.seal('passkey', 'c')
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8((changed.readUInt8(index) + 1) % 256, index)
      assert.throws(() => sealer.open(changed, 'c'), SealedError, `byte ${index}`)
    }
    for (let length = 0; length < sealed.length; length += 1) {
      assert.throws(() => sealer.open(sealed.subarray(0, length), 'c'), SealedError, `length ${length}`)
    }
  })

  it('opens what a former key sealed, and seals with the first', () => {
    const before = createSealer([FIRST])
    const rotated = createSealer([SECOND, FIRST])
    assert.equal(rotated.open(before.seal('old', 'c'), 'c'), 'old')
    assert.equal(createSealer([SECOND]).open(rotated.seal('new', 'c'), 'c'), 'new')
  })

  it('says to add the former key when none fits', () => {
    const sealed = createSealer([FIRST]).seal('x', 'c')
    assert.throws(() => createSealer([SECOND]).open(sealed, 'c'), /SUKUMA_SECRET: add the former key/)
  })

  it('refuses keys of another length, and no keys', () => {
    assert.throws(() => createSealer([randomBytes(16)]), /32 bytes/)
    assert.throws(() => createSealer([]), /at least one key/)
  })
})
