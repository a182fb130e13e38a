import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { failureOf, openFailure, scene } from './replays.ts'
import { takeWebGlAway } from './web-gl.ts'

test.use({ startsTrained: true })

/** Of the map that the fixture's lab was trained on. */
const [columns, rows] = [7, 8]

/** Where a point of the map is in the window, seen from straight above; `room` is left around the map, in cells. */
async function placeOf(page: Page, [x, y]: readonly [number, number], room: number, margin: number) {
  const box = await scene(page).boundingBox()
  if (box === null) throw new Error('The scene has no place on the page.')
  const scale = Math.min(box.width / (columns + 2 * room), box.height / (rows + 2 * room)) / margin
  return {
    x: box.x + box.width / 2 + (x - columns / 2) * scale,
    y: box.y + box.height / 2 - (y - rows / 2) * scale,
    scale,
  }
}

/** Takes hold of the spider, draws it two cells away from where it was let go, and sees it follow. */
async function dragSpider(page: Page, room: number, margin: number): Promise<void> {
  const label = (await scene(page).getAttribute('aria-label')) ?? ''
  const [, x, y] = (/x ([\d.]+), y ([\d.]+)/.exec(label) ?? []).map(Number)
  if (x === undefined || y === undefined) throw new Error(`Nobody says where the spider is: ${label}`)
  await page.keyboard.press('Shift+G')
  const bar = page.getByTestId('let-go')
  await expect(bar).toHaveAttribute('data-state', 'running', { timeout: 60_000 })
  const at = await placeOf(page, [x, y], room, margin)
  const cursor = () => scene(page).evaluate((element) => element.style.cursor)
  await expect(async () => {
    // It may have gone a little way by now.
    for (const [aside, up] of [
      [0, 0],
      [0, -0.3],
      [0.3, 0],
      [-0.3, 0],
      [0, 0.3],
    ] as const) {
      await page.mouse.move(at.x + aside * at.scale, at.y + up * at.scale)
      if ((await cursor()) === 'grab') return
    }
    throw new Error('The spider is not under the pointer.')
  }).toPass({ timeout: 60_000 })
  await page.mouse.down()
  await expect.poll(cursor).toBe('grabbing')
  const towards = y > rows / 2 ? 1 : -1
  for (let share = 1; share <= 8; share++)
    await page.mouse.move(at.x, at.y + (towards * 2 * at.scale * share) / 8)
  await expect
    .poll(async () => Number(await page.getByTestId('let-go-distance').innerText()), { timeout: 60_000 })
    .toBeGreaterThan(1)
  await page.mouse.up()
  await expect.poll(cursor).not.toBe('grabbing')
  await page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
}

test.describe('let go', () => {
  test('the pointer drags a body, in three dimensions', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.keyboard.press('3')
    await dragSpider(page, Math.hypot(columns, rows) * 0.05, 1.04)
  })

  test('the pointer drags a body, seen from above', async ({ page, trainedLab }) => {
    await takeWebGlAway(page)
    await openFailure(page, trainedLab, '', 'flat')
    await page.getByRole('button', { name: 'Close this note' }).click()
    await dragSpider(page, Math.hypot(columns, rows) * 0.06, 1)
  })
})

test.describe('what takes long in a replay is cancelled', () => {
  test('the export of a film', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    let downloads = 0
    page.on('download', () => downloads++)
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export the replay' })
    await dialog.getByLabel('As').selectOption({ label: 'GIF' })
    await dialog.getByLabel('Size').selectOption('640 × 400')
    await dialog.getByLabel('Pictures per second').selectOption('60')
    // Pictures are encoded beside the thread that draws.
    const encoder = page.waitForEvent('worker', { timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Save' }).click()
    expect((await encoder).url()).toContain('gif-worker')
    await expect
      .poll(async () => Number(await dialog.getByRole('progressbar').getAttribute('value')), {
        timeout: 60_000,
      })
      .toBeGreaterThan(0)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toContainText('The export was cancelled. Nothing was saved.')
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeEnabled()
    await expect.poll(() => page.workers().length).toBe(0)
    expect(downloads).toBe(0)
  })

  test('a branch', async ({ page, trainedLab }) => {
    await takeWebGlAway(page)
    const episodeId = await failureOf(trainedLab, 1)
    await page.goto(new URL(`/replay/${episodeId}?panel=branch`, page.url()).href)
    await page.getByLabel('Seeds').fill('1000')
    await page.getByRole('button', { name: 'Branch here' }).click()
    const result = page.getByTestId('branch-result')
    await expect(result).toContainText(/[1-9]\d* of 1,000 have ended/, { timeout: 60_000 })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(result).toContainText(/cancelled after \d+ of 1,000/)
    const ended = await result.innerText()
    await page.getByLabel('Seeds').fill('2')
    await page.getByRole('button', { name: 'Branch here' }).click()
    await expect(result.first()).toContainText('of 2 fail')
    // Nothing was added to what had been cancelled.
    await expect(result.last()).toHaveText(ended, { useInnerText: true })
  })
})
