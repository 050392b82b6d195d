import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readPageBytes } from './built-parts.ts'

/** 250 KB of compressed JavaScript for a first visit, which a phone on 3G has within five seconds. */
const SCRIPT_BYTES_MAX = 250_000
const STYLE_BYTES_MAX = 50_000

test('no page asks for more than 250 KB of scripts at first', async (t) => {
  const pages = await readPageBytes()
  assert.ok(pages.length > 10)
  for (const { page, script, style } of pages) {
    t.diagnostic(`${page}: ${script} bytes of scripts, ${style} of styles`)
    assert.ok(script > 10_000 && script <= SCRIPT_BYTES_MAX, `${page}: ${script} bytes of scripts`)
    assert.ok(style <= STYLE_BYTES_MAX, `${page}: ${style} bytes of styles`)
  }
})

test('the pages themselves hold no script, no style and no address of another origin', async () => {
  for (const page of ['index.html', 'phone.html']) {
    const text = await readFile(new URL(`../../dashboard/dist/${page}`, import.meta.url), 'utf8')
    const inline = [...text.matchAll(/<script\b[^>]*>([^<]*)<\/script>/g)].filter(([, code]) => code !== '')
    assert.deepEqual(inline, [])
    assert.doesNotMatch(text, /<style|\son\w+=|javascript:/i)
    assert.doesNotMatch(text, /(src|href)="(https?:)?\/\//)
  }
})
