import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseUuid, type Uuid } from '../ids.ts'
import { LANGUAGES, type Language } from '../merchants/merchant-settings.ts'
import { ALERT_KINDS, type AlertIncident, type AlertKind } from './alert-incident.ts'
import { alertMail } from './alert-mail.ts'

const ID = '0197f2a0-1a2b-7c4d-9e5f-60718293a4b5'
const uuid: Uuid = parseUuid(ID) ?? assert.fail()
const FACTS: Record<AlertKind, Record<string, unknown>> = {
  failures: {
    tried: 40,
    troubled: 30,
    percent: 75,
    minutes: 15,
    reasons: ['System Busy (26)', 'No Verdict'],
  },
  endpoint_disabled: { url: 'https://shop.example/hook', reason: 'gone' },
  contradiction: { reference: 'INV-7', amount: 1500, state: 'succeeded', receipt: 'SGF123ABC4' },
  credentials: { number: '174379', detail: 'Invalid credentials' },
}

function incident(kind: AlertKind, changes: Partial<AlertIncident> = {}): AlertIncident {
  return {
    merchantId: uuid,
    id: uuid,
    kind,
    subject: kind === 'failures' ? 'live' : ID,
    live: true,
    facts: FACTS[kind],
    openedAt: new Date('2026-03-21T20:30:00Z'),
    closedAt: null,
    isTold: false,
    attempts: 0,
    toldTo: [],
    overTo: null,
    ...changes,
  }
}

function mailOf(incidents: AlertIncident[], language: Language = 'en') {
  const settings = { name: 'Duka la Amina', language, time_zone: 'Africa/Nairobi' }
  return alertMail(incidents, settings, 'https://pay.shop.example')
}

describe('a mail about an alert', () => {
  for (const language of LANGUAGES) {
    it(`says what, when and what to do, in ${language}, of every kind`, () => {
      const subjects = new Set<string>()
      for (const kind of ALERT_KINDS) {
        const { subject, text } = mailOf([incident(kind)], language)
        subjects.add(subject)
        assert.match(subject, /^Duka la Amina: /)
        assert.doesNotMatch(text, /undefined|null|\[object|NaN/)
        assert.match(text, language === 'en' ? /What to do:\n- / : /La kufanya:\n- /)
        assert.match(text, /(11:30|23:30)/, 'the hour of Nairobi')
        assert.ok(text.split('\n').every((line) => line.length < 300))
        for (const fact of Object.values(FACTS[kind]).flat()) {
          if (fact !== 'gone') assert.ok(text.includes(String(fact)), `${kind} tells ${fact}`)
        }
      }
      assert.equal(subjects.size, ALERT_KINDS.length)
    })

    it(`says that it is over, in ${language}, without what to do`, () => {
      for (const kind of ALERT_KINDS.filter((each) => each !== 'contradiction')) {
        const [begin, over] = [
          mailOf([incident(kind)], language),
          mailOf([incident(kind, { isTold: true })], language),
        ]
        assert.notEqual(begin.subject, over.subject)
        assert.doesNotMatch(over.text, /What to do|La kufanya/)
      }
    })
  }

  it('links to what it is about, of its merchant and side', () => {
    const hex = ID.replaceAll('-', '')
    const paths = {
      endpoint_disabled: 'webhooks/we',
      contradiction: 'payments/pay',
      credentials: 'shortcodes/sc',
    }
    for (const [kind, path] of Object.entries(paths)) {
      const known = ALERT_KINDS.find((each) => each === kind) ?? assert.fail()
      const { text } = mailOf([incident(known)])
      const link = `https://pay.shop.example/${path}_${hex}?merchant=mer_${hex}&mode=live\n`
      assert.ok(text.includes(link), text)
    }
    const { text } = mailOf([incident('failures', { live: false })])
    assert.ok(text.includes(`See: https://pay.shop.example/?merchant=mer_${hex}&mode=test\n`), text)
    assert.ok(text.includes(`https://pay.shop.example/settings?merchant=mer_${hex}`), text)
  })

  it('lists ten, counts the rest, and marks what is about the test side', () => {
    const many = Array.from({ length: 13 }, () => incident('credentials'))
    const { subject, text } = mailOf(many)
    assert.match(subject, /13 shortcodes/)
    assert.equal(text.match(/^\* /gm)?.length, 10)
    assert.match(text, /and 3 more/)
    assert.match(mailOf([incident('credentials', { live: false })]).subject, /^\[Test\] /)
    assert.doesNotMatch(mailOf([...many, incident('credentials', { live: false })]).subject, /Test/)
  })

  it('lets no text from outside make lines or headers of its own', () => {
    const facts = { number: '1', detail: `x\r\nBcc: a@b.example\u2028\n\nPay here: ${'y'.repeat(900)}` }
    const { text } = mailOf([incident('credentials', { facts })])
    assert.match(text, /x Bcc: a@b\.example Pay here: y+\)/)
    assert.doesNotMatch(text, /^(Bcc|Pay here)/m)
    assert.ok(!text.includes('y'.repeat(200)))
  })
})
