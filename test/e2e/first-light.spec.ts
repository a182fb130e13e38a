import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

const row = (page: Page, run: number) => page.locator(`#row-run-${run}`)
const training = { timeout: 60_000 }

async function stepOf(page: Page): Promise<number> {
  const text = await page.getByTestId('run-step').innerText()
  return Number(text.split(' of ')[0]?.replaceAll(',', ''))
}

/** How many values a chart draws, as it tells those who cannot see it. */
async function valuesOf(chart: Locator): Promise<number> {
  const text = (await chart.getAttribute('aria-label')) ?? ''
  return Number(/over ([\d,]+) values/.exec(text)?.[1]?.replaceAll(',', '') ?? 0)
}

test.describe('a new lab', () => {
  test('offers a first transfer, and it can be watched, paused, reloaded and resumed', async ({ page }) => {
    await test.step('says that there is nothing yet, and what to do', async () => {
      await expect(
        page.getByRole('heading', { name: 'Nothing has been trained in this lab yet' }),
      ).toBeVisible()
      await expect(page.getByText('my first lab')).toBeVisible()
      await expect(page.getByText('12,000 steps')).toBeVisible()
      await expectAccessible(page)
    })

    await test.step('starts four runs with one click', async () => {
      await page.getByRole('button', { name: 'Try it: five minutes on DrunkSpider' }).click()
      for (const run of [1, 2, 3, 4]) await expect(row(page, run)).toBeVisible()
      await expect(row(page, 1)).toContainText('Training', training)
      await expect(row(page, 2)).toContainText('Waiting')
      await expect(page.getByTestId('activity')).toContainText('left', training)
    })

    await test.step('shows the curves grow', async () => {
      await row(page, 1).getByRole('link').click()
      await expect(page).toHaveURL(/\/runs\/1$/)
      const chart = page.getByRole('img', { name: /^Return/ })
      await expect.poll(() => valuesOf(chart), training).toBeGreaterThan(10)
      const before = { step: await stepOf(page), values: await valuesOf(chart) }
      await expect.poll(() => stepOf(page), training).toBeGreaterThan(before.step + 100)
      await expect.poll(() => valuesOf(chart), training).toBeGreaterThan(before.values)
      await expect(page.getByRole('img', { name: /^Critic loss: no values|^Critic loss over/ })).toBeVisible(
        training,
      )
    })

    await test.step('pauses where it is', async () => {
      await page.getByRole('button', { name: 'Pause' }).click()
      await expect(page.getByTestId('run-state')).toHaveText('Paused', training)
    })

    await test.step('is the same after a reload', async () => {
      const step = await stepOf(page)
      await page.reload()
      await expect(page.getByTestId('run-state')).toHaveText('Paused')
      expect(await stepOf(page)).toBe(step)
      const chart = page.getByRole('img', { name: /^Return/ })
      await expect.poll(() => valuesOf(chart)).toBeGreaterThan(10)
    })

    await test.step('goes on from there', async () => {
      const step = await stepOf(page)
      await page.getByRole('button', { name: 'Resume' }).click()
      await expect(page.getByTestId('run-state')).toHaveText('Training', training)
      await expect.poll(() => stepOf(page), training).toBeGreaterThan(step)
    })

    await test.step('stops what is selected', async () => {
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      await page.getByRole('treegrid', { name: 'Runs' }).focus()
      await page.keyboard.press('ControlOrMeta+a')
      await expect(page.getByText('4 selected')).toBeVisible()
      await page.keyboard.press('s')
      for (const run of [1, 2, 3, 4]) await expect(row(page, run)).toContainText('Stopped', training)
      await expect(page.getByTestId('activity')).toHaveText('Nothing trains')
    })
  })
})
