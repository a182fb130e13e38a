import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { expectFocusSeen, expectReachable } from './layout.ts'

test.use({ startsTrained: true })
// Dozens of views, each looked at in three sizes and two colour schemes.
test.setTimeout(240_000)

const sizes = [
  // 1280 x 800 at 200 %.
  { width: 640, height: 400 },
  { width: 1024, height: 700 },
  { width: 420, height: 800 },
]

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href)

async function choose(page: Page, action: string): Promise<void> {
  await expect(page.getByRole('button', { name: /^Search or do something/ })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await page.locator(`[data-action="${action}"][role=option]`).click()
}

/** Everything in it can be got at in each size, the focus is seen, and axe finds nothing in the narrowest. */
async function look(page: Page, where: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await expectReachable(page, `${where} at ${size.width} x ${size.height}`)
  }
  for (let presses = 0; presses < 3; presses++) {
    await page.keyboard.press('Tab')
    await expectFocusSeen(page, where)
  }
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 800 })
}

async function lookAt(page: Page, address: string, shows: string | RegExp): Promise<void> {
  await open(page, address)
  await expect(page.getByRole('main').getByText(shows).first()).toBeVisible()
  await look(page, address)
}

test('lists and things are all there in small windows and at 200 %', async ({ page }) => {
  await expect(page.locator('#row-run-1')).toBeVisible()
  await lookAt(page, '/runs', 'Fine-tuning')
  await page.getByRole('treegrid', { name: 'Runs' }).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await expect(page.getByText('4 selected')).toBeVisible()
  await look(page, 'selected runs')
  for (const tab of ['failures', 'settings', 'checkpoints', 'log', 'notes', 'origin'])
    await lookAt(page, `/runs/1?tab=${tab}`, 'Learning curves')
  await lookAt(page, '/experiments', 'Short transfer')
  await lookAt(page, '/experiments/1', 'What was asked for')
})

test('failures, settings and the paper’s figures are', async ({ page }) => {
  await lookAt(page, '/failures', 'Order')
  await lookAt(page, '/settings', 'Notifications')
  await lookAt(page, '/reproduction?figure=figure-4&environments=drunk-spider-goal-b', 'The paper:')
})

test('a replay is, with the panel that asks for most', async ({ page }) => {
  await open(page, '/runs')
  await choose(page, 'replay.first')
  const scene = page.getByTestId('scene')
  await expect(scene).toHaveAttribute('data-state', /ready|flat/)
  await page.getByRole('tab', { name: 'Branch' }).click()
  await expect(page).toHaveURL(/panel=branch/)
  await look(page, 'replay, branch')
})

test('the parts of a comparison are', async ({ page }) => {
  await lookAt(page, '/compare', 'Nothing is compared yet')
  for (const part of ['curves', 'safety', 'statistics', 'profiles', 'settings', 'calibration', 'phases'])
    await lookAt(page, `/compare?experiments=1&show=${part}`, 'SQRL')
})

test('the steps of a transfer are', async ({ page }) => {
  await open(page, '/transfer')
  for (const step of ['pretraining', 'target', 'methods', 'safety', 'budget', 'review']) {
    await choose(page, `transfer.step.${step}`)
    await expect(page.locator('[aria-current=step]')).toBeVisible()
    await look(page, `step ${step}`)
  }
})

test('the windows over a view are', async ({ page }) => {
  const dialogs: [string, string][] = [
    ['/runs', 'keys.show'],
    ['/runs', 'archive.export'],
    ['/runs/1', 'run.delete'],
    ['/runs/1', 'run.extend'],
    ['/compare?experiments=1', 'compare.saveAs'],
    ['/experiments/1', 'replay.export'],
  ]
  for (const [address, action] of dialogs) {
    await open(page, address)
    await choose(page, action)
    const over = page.getByRole('dialog').filter({ hasNot: page.locator('#palette-list') })
    await expect(over).toBeVisible()
    await look(page, action)
  }
  await open(page, '/runs')
  await expect(page.getByRole('button', { name: /^Search or do something/ })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await look(page, 'the palette')
})
