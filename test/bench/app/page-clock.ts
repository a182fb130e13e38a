import type { Page } from '@playwright/test'

// What runs in the page is text here: the tests' types know no browser.

/** From here on the page notes how long each task of 50 ms or more kept its drawing thread. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript({
    content: `
      window.longTasks = []
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longTasks.push(duration)
      }).observe({ type: 'longtask', buffered: true })`,
  })
}

/** Milliseconds of the longest task since the last call; below 50 ms the browser tells none, which counts as 0. */
export async function takeLongestTask(page: Page): Promise<number> {
  return Number(await page.evaluate('Math.max(0, ...window.longTasks.splice(0))'))
}

const untilDrawn = (moment: string) =>
  `requestAnimationFrame(() => requestAnimationFrame(() => resolve(${moment})))`

/** Milliseconds from the start of the navigation until `selector` is in the page and drawn. */
export async function timeNavigation(page: Page, url: string, selector: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForSelector(selector, { state: 'attached' })
  return Number(await page.evaluate(`new Promise((resolve) => ${untilDrawn('performance.now()')})`))
}

/** Milliseconds from the first input of `act` until the text or label of `selector` differs and is drawn. */
export async function timeChange(page: Page, selector: string, act: () => Promise<void>): Promise<number> {
  // It is watched before it is acted: an input that comes first would not be seen.
  await page.evaluate(`void (window.nextChange = new Promise((resolve, reject) => {
    const element = document.querySelector(${JSON.stringify(selector)})
    if (element === null) return reject(new Error('There is nothing to watch on the page.'))
    const words = () => element.textContent + element.getAttribute('aria-label')
    const before = words()
    let start = 0
    for (const kind of ['keydown', 'pointerdown', 'input'])
      addEventListener(kind, () => { start ||= performance.now() }, { capture: true, once: true })
    const look = () => {
      if (start > 0 && words() !== before) ${untilDrawn('performance.now() - start')}
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    setTimeout(() => reject(new Error('Nothing changed within 10 s.')), 10_000)
  }))`)
  await act()
  return Number(await page.evaluate('window.nextChange'))
}
