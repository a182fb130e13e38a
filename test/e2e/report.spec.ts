import { copyFile } from 'node:fs/promises'
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
    expect(asked).toEqual([pathToFileURL(file).href])
    await report.close()

    await page.goto(new URL('/compare?experiments=1&by=run', page.url()).href)
    await expect(page.getByRole('list', { name: 'Groups' }).getByRole('listitem')).toHaveCount(2)
    expect((await save(page, 'HTML report')).suggestedFilename()).toBe('comparison.html')
  })
})
