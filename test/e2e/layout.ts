import { expect, type Page } from '@playwright/test'

/**
 * What cannot be got at: a control of which a part lies where nothing scrolls it into sight, and a scrolling part of the page that
 * is too low to read a line in. As text, since these tests are compiled without the names of a page.
 */
const findUnreachable = `(() => {
  const slack = 2
  const lowest = 40
  const nameOf = (element) =>
    element.tagName.toLowerCase() + ' “' + (element.getAttribute('aria-label') || element.textContent || element.getAttribute('placeholder') || element.className || '').toString().trim().replace(/\\s+/g, ' ').slice(0, 60) + '”'
  const found = []
  const excess = document.documentElement.scrollWidth - window.innerWidth
  if (excess > 0) found.push('the page scrolls sideways by ' + excess + ' px')
  const modal = document.querySelector('[role=dialog], [role=alertdialog]')
  const within = modal === null ? document : modal
  const controls = 'a[href], button, input, select, textarea, summary, [role=tab], [role=menuitem], [role=option], [tabindex="0"]'
  for (const element of within.querySelectorAll(controls)) {
    let box = element.getBoundingClientRect()
    const style = getComputedStyle(element)
    if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || style.opacity === '0') continue
    if (style.clipPath !== 'none' || element.closest('.visually-hidden, [inert]') !== null) continue
    if (element.matches('input[type=file], input[type=radio], input[type=checkbox]') && box.width < 4) continue
    let rect = { left: box.left, right: box.right, top: box.top, bottom: box.bottom }
    let problem = null
    let position = style.position
    for (let parent = element.parentElement; parent !== null && problem === null; parent = parent.parentElement) {
      if (position === 'fixed') break
      const about = getComputedStyle(parent)
      if (position === 'absolute' && about.position === 'static' && about.transform === 'none') continue
      const frame = parent.getBoundingClientRect()
      const scrollsX = /auto|scroll/.test(about.overflowX)
      const scrollsY = /auto|scroll/.test(about.overflowY)
      const cutsX = /hidden|clip/.test(about.overflowX)
      const cutsY = /hidden|clip/.test(about.overflowY)
      // A text that ends in three dots is all there for the keyboard and the pointer.
      const isShortened = about.textOverflow === 'ellipsis' && rect.left < frame.right - 24
      if (cutsX && !isShortened && (rect.left < frame.left - slack || rect.right > frame.right + slack)) problem = 'is cut off sideways by ' + nameOf(parent).slice(0, 40)
      if (cutsY && (rect.top < frame.top - slack || rect.bottom > frame.bottom + slack)) problem = 'is cut off above or below by ' + nameOf(parent).slice(0, 40)
      if (scrollsX) { rect.left = Math.max(rect.left, frame.left); rect.right = Math.min(Math.max(rect.right, frame.left), frame.right) }
      if (scrollsY) {
        if (parent.clientHeight < lowest && parent.scrollHeight > parent.clientHeight + slack) problem = 'scrolls in a strip of ' + parent.clientHeight + ' px'
        rect.top = Math.max(rect.top, frame.top); rect.bottom = Math.min(Math.max(rect.bottom, frame.top), frame.bottom)
      }
      position = about.position
    }
    if (problem === null && (rect.left < -slack || rect.right > window.innerWidth + slack)) problem = 'lies beside the window'
    if (problem === null && (rect.top < -slack || rect.bottom > window.innerHeight + slack)) problem = 'lies above or below the window'
    if (problem !== null) found.push(nameOf(element) + ' ' + problem)
  }
  return [...new Set(found)]
})()`

export function unreachable(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(findUnreachable)
}

/** Nothing is cut off without a way to it, and the page itself does not scroll sideways. */
export async function expectReachable(page: Page, where: string): Promise<void> {
  await expect.poll(() => unreachable(page), { message: where }).toEqual([])
}

/** What has the focus shows it, by an outline or by a colour of its own. */
export async function expectFocusSeen(page: Page, where: string): Promise<void> {
  const seen = await page.evaluate<string | null>(`(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return 'nothing has the focus'
    if (element.matches('#view, [tabindex="-1"], [data-autofocus][role=combobox]')) return null
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) return null
    return element.outerHTML.slice(0, 120)
  })()`)
  expect(seen, `${where}: the focus can be seen`).toBeNull()
}
