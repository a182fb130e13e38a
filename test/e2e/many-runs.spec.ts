import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { makeSweep } from '../bench/app/made-lab.ts'
import { expect, test } from './fixtures.ts'

const RUNS = 100

// A sweep of made-up numbers in place of a lab that was trained.
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs.
  labFolder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-e2e-'))
    await makeSweep(path.join(folder, 'sweep'), RUNS)
    await use(path.join(folder, 'sweep'))
    await rm(folder, { recursive: true, force: true })
  },
})

/** Far fewer rows are in the page than the table has, and the last one comes when it is scrolled to. */
async function expectRowsInSight(page: Page, name: string): Promise<void> {
  const table = page.getByRole('table', { name })
  const rows = table.locator('[aria-rowindex]')
  await expect(table).toHaveAttribute('aria-rowcount', String(RUNS + 1))
  await expect(rows.nth(5)).toBeVisible()
  expect(await rows.count()).toBeLessThan(RUNS / 2)
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await expect(table.locator(`[aria-rowindex="${RUNS + 1}"]`)).toBeVisible()
}

test('tables of a comparison of many runs hold the rows in sight alone', async ({ page }) => {
  const compare = (section: string) =>
    page.goto(new URL(`/compare?experiments=1&by=method&show=${section}`, page.url()).href)
  await compare('settings')
  await expectRowsInSight(page, 'Settings that differ')
  await compare('statistics')
  await expectRowsInSight(page, 'Figures of single runs')
})
