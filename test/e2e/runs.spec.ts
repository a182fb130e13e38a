import { execFileSync } from 'node:child_process'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

const row = (page: Page, run: number) => page.locator(`#row-run-${run}`)
const grid = (page: Page) => page.getByRole('treegrid', { name: 'Runs' })
const training = { timeout: 60_000 }

test('runs are deleted and brought back, by the toast and by the keys', async ({ page }) => {
  await expect(row(page, 4)).toBeVisible()
  await row(page, 4).click({ modifiers: ['ControlOrMeta'] })
  await page.getByRole('group', { name: 'Selected runs' }).getByRole('button', { name: 'Delete' }).click()
  await expect(row(page, 4)).toBeHidden()
  await expect(page.getByText('3 runs', { exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 4)).toBeVisible()

  await test.step('asks where fine-tuning runs would have to go along', async () => {
    await page.keyboard.press('Escape')
    await row(page, 1).click({ modifiers: ['ControlOrMeta'] })
    if (await page.getByText('2 selected').isVisible())
      await row(page, 4).click({ modifiers: ['ControlOrMeta'] })
    await grid(page).focus()
    await page.keyboard.press('Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete 2 runs' }).click()
    await expect(row(page, 1)).toBeHidden()
    // The rows go as soon as the lab says so, which can be before it has answered that they may come back.
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    await page.keyboard.press('ControlOrMeta+z')
    await expect(row(page, 1)).toBeVisible()
  })

  await test.step('keeps them away after a reload', async () => {
    await page.getByRole('link', { name: '4', exact: true }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await expect(page).toHaveURL(/\/runs$/)
    await page.reload()
    await expect(row(page, 1)).toBeVisible()
    await expect(row(page, 4)).toBeHidden()
  })
})

test('notes, tags and columns are kept, and found again', async ({ page }) => {
  await expect(row(page, 1)).toBeVisible()
  await grid(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('t')
  await page.keyboard.type('seen odd')
  await page.keyboard.press('Enter')
  await expect(row(page, 1)).toContainText('odd')
  await page.keyboard.press('n')
  await page.keyboard.type('leaps at 80')
  await page.keyboard.press('Enter')
  await expect(row(page, 1)).toContainText('leaps at 80')

  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('t')
  await page.getByLabel('Add, several with blanks between').fill('all')
  await page.keyboard.press('Enter')
  await expect(row(page, 3)).toContainText('all')

  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByLabel('Find a column').fill('epsilonSafe')
  await page.getByRole('list', { name: 'Columns to add' }).getByRole('button').first().click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'ε' }).first()).toBeVisible()
  await page.getByLabel('Filter runs').fill('tag:odd')
  await page.reload()
  await expect(page.getByText('1 of 4 runs')).toBeVisible()
  await expect(row(page, 1)).toContainText('leaps at 80')
  await expect(page.getByRole('columnheader', { name: 'ε' }).first()).toBeVisible()
  await expectAccessible(page)
})

test('a selection stays while runs arrive and train', async ({ page }) => {
  await row(page, 2).click({ modifiers: ['ControlOrMeta'] })
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.getByRole('button', { name: 'New quick transfer' }).click()
  await expect(row(page, 5)).toContainText('Training', training)
  await expect(page.getByText('1 selected')).toBeVisible()
  await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true')

  await test.step('a worker that is killed while watched is shown interrupted, with the reason', async () => {
    await page.getByRole('link', { name: '5', exact: true }).click()
    await expect(page.getByTestId('run-state')).toHaveText('Training', training)
    test.skip(process.platform !== 'linux', 'Finding the worker needs /proc.')
    killOneWorker()
    await expect(page.getByText(/signal SIGKILL/).first()).toBeVisible(training)
  })
})

test('a checkpoint is downloaded, the log read and the episodes around a place listed', async ({ page }) => {
  await page.getByRole('link', { name: '1', exact: true }).click()
  await page.getByRole('tab', { name: /Checkpoints/ }).click()
  const started = page.waitForEvent('download')
  await page.getByRole('button', { name: 'download' }).first().click()
  expect((await started).suggestedFilename()).toMatch(/^run-1-step-\d+\.zip$/)
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByText('Training began from fresh networks.')).toBeVisible()

  const chart = page.getByRole('img', { name: /^Return over/ })
  const box = await chart.boundingBox()
  if (box === null) throw new Error('The chart has no place on the page.')
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page).toHaveURL(/step=\d+/)
  await page.reload()
  await expect(page.getByRole('table', { name: /^Episodes around step/ }).getByRole('row')).toHaveCount(21)
  await expectAccessible(page)
})

test('an experiment is renamed, noted, deleted and brought back', async ({ page }) => {
  await page.getByRole('link', { name: 'Experiments', exact: true }).first().click()
  await page.getByRole('link', { name: 'Short transfer' }).click()
  await expect(page.getByRole('cell', { name: 'Fine-tuning' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Rename this experiment' }).click()
  await page.getByLabel('Name of the experiment').fill('Goal near')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Goal near' })).toBeVisible()
  await page.getByLabel('Note of this experiment').fill('a first try')
  await page.getByLabel('Note of this experiment').blur()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('Nothing has been started in this lab yet')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('row', { name: /Goal near/ })).toContainText('a first try')
})

/** The newest process that trains: its command names the worker's file. */
function killOneWorker(): void {
  const list = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
  const served = list.split('\n').filter((line) => line.includes('my first lab') && line.includes('serve'))
  const parents = served.map((line) => line.trim().split(/\s+/)[0])
  const worker = list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, ...args]) => parents.includes(parent) && args.join(' ').includes('worker'))
  if (worker === undefined) throw new Error('No worker trains.')
  process.kill(Number(worker[0]), 'SIGKILL')
}
