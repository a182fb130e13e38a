import { copyFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Download, Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

async function save(page: Page, button: RegExp | string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return download
}

test.describe('an HTML report', () => {
  test('opens from its file without the app, a network or a script, and is accessible and narrow', async ({
    page,
    app,
    labFolder,
  }) => {
    test.skip(app.shell !== 'browser', 'A window of Electron asks the system where files go.')
    await page.goto(new URL('/experiments/1', page.url()).href)
    const download = await save(page, 'HTML report')
    expect(download.suggestedFilename()).toBe('Short-transfer.html')
    await expect(page.getByText(/Short-transfer\.html, [\d.]+.kB, was written and read back/)).toBeVisible()
    const file = path.join(path.dirname(labFolder), 'report.html')
    await copyFile(await download.path(), file)

    const report = await page.context().newPage()
    const asked: string[] = []
    report.on('request', (request) => asked.push(request.url()))
    await report.goto(pathToFileURL(file).href)
    await expect(report.getByRole('heading', { level: 1, name: 'Short transfer' })).toBeVisible()
    await expect(report.getByText(/^(SQRL|SAC) failed (least|as seldom)/).first()).toBeVisible()
    await expect(report.getByText('claims nothing about others')).toBeVisible()
    await expect(report.getByRole('img', { name: /^Return over training/ })).toBeVisible()
    await report.getByText('The numbers of “Return against failure rate”').click()
    await expect(report.getByRole('region', { name: 'Numbers of Return against failure rate' })).toBeVisible()
    await expectAccessible(report)
    await report.setViewportSize({ width: 420, height: 800 })
    expect(await report.locator('html').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(420)
    // On paper it is black on white, also from a dark screen, and without what nobody can open there.
    await report.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await expect(report.locator('html')).toHaveCSS('background-color', 'rgb(255, 255, 255)')
    await expect(report.getByText('The numbers of “Return over training”')).toBeHidden()
    await expect(report.getByRole('region', { name: 'Numbers of Return against failure rate' })).toBeVisible()
    expect(asked).toEqual([pathToFileURL(file).href])
    await report.close()

    await page.goto(new URL('/compare?experiments=1&by=run', page.url()).href)
    await expect(page.getByRole('list', { name: 'Groups' }).getByRole('listitem')).toHaveCount(2)
    expect((await save(page, 'HTML report')).suggestedFilename()).toBe('comparison.html')
  })
})

test.describe('the paper’s figures', () => {
  test('are worked out from the lab, trained where runs are missing, and saved', async ({ page, app }) => {
    const address =
      '/reproduction?figure=figure-4&environments=drunk-spider-goal-b&methods=sqrl,sac&seeds=1&budget=0.01'
    await page.getByRole('link', { name: 'Paper' }).click()
    await expect(
      page.getByRole('table', { name: 'Verdicts' }).getByText('not enough runs').first(),
    ).toBeVisible()
    await page.goto(new URL(address, page.url()).href)
    const verdicts = page.getByRole('table', { name: 'Verdicts' })
    await expect(verdicts.getByRole('row', { name: /Figure 4.*not enough runs.*0 of 2/ })).toBeVisible()
    await expect(
      page.getByText('None of the runs that these figures need is in this lab yet: it takes 4 runs.'),
    ).toBeVisible()

    await page.getByRole('button', { name: 'Train what is missing…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Train what is missing' })
    await expect(dialog.getByRole('region', { name: 'Runs that are missing' }).getByRole('row')).toHaveCount(
      5,
    )
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Train 4 runs' }).click()
    await expect(page.getByRole('button', { name: 'Stop and pause' })).toBeVisible()
    await page.reload()
    await expect(verdicts.getByRole('row', { name: /Figure 4.*2 of 2/ })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('2 of 2 runs are there and finished.')).toBeVisible()
    await expect(page.getByRole('button', { name: /Stop and pause|Train what is missing/ })).toHaveCount(0)
    await expect(
      page.getByRole('img', { name: /^Return while fine-tuning, drunk-spider-goal-b\. SQRL: failure rate/ }),
    ).toBeVisible()
    await expect(
      page.getByText('Trainings shorter than 50 % of the study’s lengths get no verdict.').first(),
    ).toBeVisible()
    await expectAccessible(page)
    if (app.shell !== 'browser') return
    const zip = await save(page, 'Save all as zip')
    expect(zip.suggestedFilename()).toBe('reproduction.zip')
    expect((await readFile(await zip.path())).toString('latin1')).toContain(
      'figure-4-drunk-spider-goal-b.svg',
    )
  })
})
