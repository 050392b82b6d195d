// What is asked of every page, whatever it shows: readable to all, no wider than its window.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** WCAG 2.2 up to AA, and what axe's makers hold to be good beside it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const MOVING_MS = 2_000

/** What axe finds wrong, one line a place; none on a good page. */
export async function findBarriers(page: Page): Promise<string[]> {
  // In one go, without what joins the frames of several origins: the phone's frame is judged as its own page.
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => {
      const detail = any.map(({ message }) => message).join('; ')
      return `${id}: ${help} at ${target.join(' ')}${detail === '' ? '' : ` (${detail})`}`
    }),
  )
}

/** What makes the page wider than its window; none when it can be read without pushing it aside. */
export async function findOverflow(page: Page): Promise<string[]> {
  // A window that has just been made narrower moves its parts for a moment.
  const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
  await page.waitForFunction(fits, undefined, { timeout: MOVING_MS }).catch(() => undefined)
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect()
      return width > 0 && right > clientWidth + 1
    })
    const names = wide.slice(0, 5).map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
    return [`${scrollWidth} px in a window of ${clientWidth} px: ${names.join(', ')}`]
  })
}

/** Names and values that a thief of the browser's storage would find. */
export async function readStorage(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [localStorage, sessionStorage].flatMap((storage) =>
      Object.keys(storage).map((name) => `${name}=${storage.getItem(name) ?? ''}`),
    ),
  )
}
