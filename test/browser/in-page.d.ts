// What functions that run inside of a page find there. The whole of the DOM's types would hide from the rest
// of the tests what Node lacks.

type InPageElement = {
  readonly tagName: string
  readonly className: string
  readonly childElementCount: number
  getAttribute(name: string): string | null
  readonly clientWidth: number
  readonly scrollWidth: number
  getBoundingClientRect(): { left: number; right: number; width: number; height: number }
}

declare const document: {
  readonly cookie: string
  readonly documentElement: InPageElement
  readonly fonts: { readonly ready: Promise<unknown> }
  querySelector(selector: string): InPageElement | null
  querySelectorAll(selector: string): Iterable<InPageElement>
}

declare function getComputedStyle(
  element: InPageElement,
  part?: string,
): { readonly animationDuration: string; readonly transitionDuration: string }

type InPageStorage = { getItem(name: string): string | null }

declare const localStorage: InPageStorage
declare const sessionStorage: InPageStorage
