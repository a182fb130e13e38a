import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const mostPresses = 80

/** Gets there with Tab alone. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let presses = 0; presses < mostPresses; presses++) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  await expect(target, `${mostPresses} presses of Tab lead there`).toBeFocused()
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

test('without a pointer: from a fresh lab to a transfer, a comparison, a replay and its picture', async ({
  page,
}) => {
  test.setTimeout(600_000)
  const slow = { timeout: 120_000 }
  await expect(page.getByRole('heading', { name: 'Nothing has been trained in this lab yet' })).toBeVisible()

  await test.step('a transfer is set up and started', async () => {
    await press(page, 'g', 'n')
    await tabTo(page, page.getByRole('button', { name: 'Continue to target task' }))
    await press(page, 'Enter')
    const noise = page.getByRole('textbox', { name: 'Noise', exact: true })
    await tabTo(page, noise)
    await press(page, 'ControlOrMeta+a')
    await page.keyboard.type('0.2')
    await tabTo(page, page.getByRole('button', { name: 'Continue to methods and seeds' }))
    await press(page, 'Enter', ']', ']', ']')
    await expect(page.getByRole('button', { name: /^Start \d+ runs$/ })).toBeEnabled()
    await press(page, 'ControlOrMeta+Enter')
    await expect(page).toHaveURL(/\/runs$/)
    await expect(page.getByRole('row').filter({ hasText: 'Training' }).first()).toBeVisible(slow)
  })

  await test.step('its runs are compared', async () => {
    await expect(page.getByTestId('activity')).toContainText('left', slow)
    await tabTo(page, page.getByRole('treegrid', { name: 'Runs' }))
    await press(page, 'ControlOrMeta+a', 'c')
    await expect(page).toHaveURL(/\/compare\?runs=/)
    await tabTo(page, page.getByRole('combobox', { name: 'Phase' }))
    await page.keyboard.type('Both')
    await expect(page.getByRole('img', { name: /^Return/ })).toBeVisible(slow)
    await press(page, 'Tab', '4') // a letter typed in a choice belongs to the choice
    await expect(page.getByRole('table', { name: 'Settings that differ' })).toBeVisible()
  })

  await test.step('a failure is replayed, and a picture of it saved', async () => {
    // Somebody who trains waits for the first failure; the list is read again when it is opened.
    const cells = page.getByRole('grid', { name: 'Failures' }).getByRole('gridcell')
    await expect(async () => {
      await press(page, 'g', 'r')
      await page.waitForTimeout(1000) // as long as a hand takes from one command to the next
      await press(page, 'g', 'f')
      await expect(cells.first()).toBeVisible({ timeout: 10_000 })
      await tabTo(page, page.getByRole('grid', { name: 'Failures' }))
      await press(page, 'Home')
      await expect(page.getByRole('region', { name: 'The failure chosen' })).toBeVisible({ timeout: 5000 })
    }).toPass(slow)
    await press(page, 'Enter')
    await expect(page.getByTestId('scene')).toHaveAttribute('data-state', 'ready', slow)
    await press(page, 'End', 'e')
    const save = page.getByRole('dialog').getByRole('button', { name: 'Save' })
    await tabTo(page, save)
    const downloading = page.waitForEvent('download')
    await press(page, 'Enter')
    expect((await downloading).suggestedFilename()).toMatch(/\.png$/)
  })
})
