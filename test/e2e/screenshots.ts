import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { startApp } from './app.ts'
import { root, runLab } from './programs.ts'

const pictures = path.join(root, 'docs/screenshots')
const wide = { width: 1440, height: 900 }
const narrow = { width: 1024, height: 700 }

/** A lab to take the pictures of, such as one of a study; without it, the quick preset is trained first, which takes minutes. */
const given = process.env.SQRL_LAB_SCREENSHOTS_OF

let folder: string
let lab: string

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-pictures-'))
  lab = path.join(folder, 'DrunkSpider')
  if (given !== undefined) await cp(given, lab, { recursive: true })
  else
    await runLab([
      'transfer',
      '--lab',
      lab,
      '--environment',
      'drunk-spider',
      '--methods',
      'sqrl,sac',
      '--seeds',
      '0',
    ])
})

test.afterAll(() => rm(folder, { recursive: true, force: true }))

async function picture(page: Page, name: string, viewport = wide): Promise<void> {
  await page.setViewportSize(viewport)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Charts are drawn anew for the theme and the size.
    await page.waitForTimeout(700)
    await page.screenshot({ path: path.join(pictures, `${name}-${colorScheme}.png`) })
  }
}

test('first start', async () => {
  const app = await startApp(path.join(folder, 'my first lab'), { viewport: wide })
  await expect(app.page.getByRole('button', { name: /Try it/ })).toBeVisible()
  await picture(app.page, 'first-start')
  await app.close()
})

test('runs and run', async () => {
  const { page, close } = await startApp(lab, { viewport: wide })
  await expect(page.getByRole('row').filter({ hasText: 'Finished' })).not.toHaveCount(0)

  const openFinished = async (method: string, phase: string) => {
    const row = page
      .getByRole('row')
      .filter({ hasText: method })
      .filter({ hasText: phase })
      .filter({ hasText: 'Finished' })
    await row.first().getByRole('link').click()
    await expect(page.getByRole('img', { name: /^Return over/ })).toBeVisible()
    await expect(page.getByRole('img', { name: /^Critic loss over/ })).toBeVisible()
  }
  const back = () => page.getByRole('link', { name: 'Runs', exact: true }).first().click()

  await openFinished('SQRL', 'Pre-training')
  await picture(page, 'run')
  await picture(page, 'run-narrow', narrow)
  await back()
  await openFinished('SAC', 'Fine-tuning')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await picture(page, 'run-settings')
  await back()

  await page.getByRole('button', { name: 'New quick transfer' }).click()
  const training = page.getByRole('row').filter({ hasText: 'Training' })
  await expect(training.first()).toBeVisible({ timeout: 60_000 })
  // The speed, and with it the time left, is known after the first batches.
  await expect(page.getByTestId('activity')).toContainText('left', { timeout: 120_000 })
  await page.waitForTimeout(20_000)
  await picture(page, 'runs')
  await picture(page, 'runs-narrow', narrow)
  await close()
})
