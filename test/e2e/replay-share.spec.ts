import path from 'node:path'
import { expect, test } from './fixtures.ts'
import { expectScene, openFailure } from './replays.ts'

test.describe('a finished run', () => {
  test.use({ startsTrained: true })

  test('shares a failure as a file, which is replayed from the file and removed again', async ({
    page,
    trainedLab,
    labFolder,
  }) => {
    const episodeId = await openFailure(page, trainedLab, '?frame=3')
    const outcome = await page.getByTestId('outcome').innerText()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Share' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/\.sqrlx$/)
    const file = path.join(path.dirname(labFolder), download.suggestedFilename())
    await download.saveAs(file)

    await page.getByTestId('archive-file').setInputFiles(file)
    await page.getByRole('button', { name: 'Show it' }).click({ timeout: 60_000 })
    await expect(page).toHaveURL(/\/replay\?kept=1/)
    await expectScene(page, 'ready')
    await expect(page.getByTestId('outcome')).toHaveText(outcome)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expect(page.getByTestId('verification')).toContainText('came out again', { timeout: 60_000 })

    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.goto(new URL(`/replay/${episodeId}`, page.url()).href)
    await expectScene(page, 'ready')
  })
})

test('a run that trains is followed from failure to failure, until the clock is moved', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.getByRole('button', { name: /^Try it/ }).click()
  await expect(page.locator('#row-run-1')).toContainText('Training', { timeout: 60_000 })
  await page.goto(new URL('/runs/1?tab=failures', page.url()).href)
  const failures = page.getByRole('table', { name: 'Failures, newest first' })
  await expect(failures.getByRole('link', { name: 'replay' }).first()).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('f')
  await expect(page).toHaveURL(/\/replay\/\d+\?.*follow=1/)
  const first = new URL(page.url()).pathname
  await expectScene(page, 'ready')
  const follow = page.getByRole('button', { name: 'Follow' })
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => new URL(page.url()).pathname, { timeout: 60_000 }).not.toBe(first)
  // While one failure makes way for the next, there is no clock to be moved.
  await expect(async () => {
    await page.keyboard.press('Home')
    await expect(follow).toHaveAttribute('aria-pressed', 'false', { timeout: 500 })
  }).toPass()
  await expect(page).not.toHaveURL(/follow/)
})
