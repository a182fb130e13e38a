import type { Browser, Page } from '@playwright/test'
import { z } from 'zod'

// What runs in the page is text here: the tests' types know no browser.

/** The longest task of the thread that draws. */
export interface LongestTask {
  milliseconds: number
  /** What the thread itself worked in its hardest task: on a machine that others load too, a task waits as well as works. */
  processorMilliseconds: number
}

const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds. */
  dur: z.number().optional(),
  tdur: z.number().optional(),
})

/** Notes the tasks of the page's drawing thread from now until `end`. The browser must show no other page that does much. */
export async function traceTasks(browser: Browser): Promise<{ end(): Promise<LongestTask> }> {
  const session = await browser.newBrowserCDPSession()
  const collected: z.infer<typeof traceEvent>[] = []
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) {
      const parsed = traceEvent.safeParse(event)
      if (parsed.success && parsed.data.ph === 'X') collected.push(parsed.data)
    }
  })
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'], excludedCategories: ['*'] },
  })
  return {
    async end() {
      const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
      await session.send('Tracing.end')
      await complete
      await session.detach()
      return longestOf(collected)
    },
  }
}

/** The drawing thread is the one that runs the page's functions. */
function longestOf(events: readonly z.infer<typeof traceEvent>[]): LongestTask {
  const threadOf = ({ pid, tid }: { pid: number; tid: number }) => `${pid}/${tid}`
  const calls = Map.groupBy(
    events.filter(({ name }) => name === 'FunctionCall'),
    threadOf,
  )
  const [drawing] = [...calls].sort(([, a], [, b]) => b.length - a.length)
  const tasks = events.filter(
    (event) => event.name === 'ThreadControllerImpl::RunTask' && threadOf(event) === drawing?.[0],
  )
  const longest = (of: (task: (typeof tasks)[number]) => number | undefined) =>
    tasks.reduce((most, task) => Math.max(most, (of(task) ?? 0) / 1000), 0)
  return { milliseconds: longest(({ dur }) => dur), processorMilliseconds: longest(({ tdur }) => tdur) }
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
