import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { openStore } from '../../src-main/store/open.ts'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

const charts = ['Return', 'Failure rate', 'Cumulative failures']

async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href)
}

async function rowsOf(download: Download): Promise<string[][]> {
  const text = await readFile(await download.path(), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(','))
}

async function exportAs(page: Page, chart: RegExp, kind: RegExp): Promise<Download> {
  await page.getByRole('button', { name: chart }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: kind }).click(),
  ])
  return download
}

/** Of the pixels of the parallel coordinates, which a worker draws. */
async function shareDrawn(page: Page): Promise<number> {
  const share = await page.evaluate(`(() => {
    const from = document.querySelector('[aria-label^="Settings and figures"] canvas')
    const context = Object.assign(document.createElement('canvas'), { width: from.width, height: from.height }).getContext('2d')
    context.drawImage(from, 0, 0)
    const { data } = context.getImageData(0, 0, from.width, from.height)
    return data.filter((value, index) => index % 4 === 3 && value > 64).length / (data.length / 4)
  })()`)
  return Number(share)
}

test.describe('a comparison', () => {
  test('begins with the last experiment, is grouped, turned and zoomed, and stays in its address', async ({
    page,
  }) => {
    await page.getByRole('link', { name: 'Compare' }).click()
    await expect(page.getByRole('heading', { name: 'Nothing is compared yet' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Compare “Short transfer”' }).click()
    for (const name of charts)
      await expect(page.getByRole('img', { name: new RegExp(`^${name}, at the end: SQRL`) })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Groups' }).getByRole('listitem')).toHaveCount(2)
    await expectAccessible(page)

    await page.getByRole('combobox', { name: 'Panels' }).selectOption('method')
    await expect(page).toHaveURL(/panels=method/)
    await page.getByRole('checkbox', { name: 'Same y axis' }).check()
    for (const method of ['SQRL', 'SAC'])
      await expect(
        page.getByRole('img', { name: new RegExp(`^Return, ${method}, at the end: ${method}`) }),
      ).toBeVisible()
    await page.reload()
    await expect(page.getByRole('checkbox', { name: 'Same y axis' })).toBeChecked()
    await expectAccessible(page)
    await page.getByRole('combobox', { name: 'Panels' }).selectOption('one')
    await expect(page.getByRole('img', { name: /^Return, at the end: SQRL/ })).toBeVisible()

    await page.getByRole('button', { name: /^Group by/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'nothing: each run alone' }).click()
    await expect(page).toHaveURL(/by=run/)
    await page.getByRole('combobox', { name: 'Over', exact: true }).selectOption('failures')
    await expect(page).toHaveURL(/x=failures/)
    await page.getByRole('combobox', { name: 'Over', exact: true }).selectOption('steps')

    const box = await page.getByRole('img', { name: /^Return/ }).boundingBox()
    if (box === null) throw new Error('The chart has no place on the page.')
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 5 })
    await page.mouse.up()
    await expect(page.getByText(/^policy steps [\d,]+ to [\d,]+$/)).toBeVisible()
    await page.reload()
    await expect(page.getByText(/^policy steps [\d,]+ to [\d,]+$/)).toBeVisible()
    await expect(page.getByRole('button', { name: /Group by nothing/ })).toBeVisible()
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect(page).not.toHaveURL(/zoom/)

    const behind = page.getByRole('region', { name: 'Runs behind this point' })
    // A chart that is just being drawn anew takes no click.
    await expect(async () => {
      await page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2)
      await expect(behind).toBeVisible({ timeout: 2000 })
    }).toPass()
    await behind
      .getByRole('link', { name: /^run \d/ })
      .first()
      .click()
    await expect(page).toHaveURL(/\/runs\/\d\?step=\d+$/)
  })

  test('exports exactly what the store holds', async ({ page, labFolder, app }) => {
    await open(page, '/compare?experiments=1&by=run')
    await expect(page.getByRole('img', { name: /^Cumulative failures, at the end: SQRL/ })).toBeVisible()
    const [head = [], ...rows] = await rowsOf(await exportAs(page, /^Export Cumulative failures/, /CSV/))
    const svg = await exportAs(page, /^Export Return/, /SVG/)
    const drawn = await readFile(await svg.path(), 'utf8')
    expect(drawn).toContain('<svg xmlns')
    expect(drawn).toContain('<title>Return over policy steps</title>')
    expect(drawn).not.toContain('var(')
    expect((await exportAs(page, /^Export Return/, /PNG/)).suggestedFilename()).toBe(
      'return-over-policy-steps.png',
    )

    await page.getByRole('button', { name: 'Show data of Cumulative failures' }).click()
    await expect(page.getByRole('table', { name: 'Data of Cumulative failures' })).toBeVisible()
    await app.close()
    const store = await openStore(labFolder)
    const runs = store.runs.list().filter(({ specification }) => specification.phase === 'finetune')
    expect(head.filter((name) => name.endsWith('Cumulative failures'))).toHaveLength(runs.length)
    for (const [place, run] of runs.entries()) {
      const counted = store.episodes.listOfRun(run.id, 0, 100_000).filter(({ kind }) => kind !== 'evaluation')
      for (const row of rows) {
        const failures = counted.filter(
          ({ step, outcome }) => step <= Number(row[0]) && outcome === 'failure',
        ).length
        expect(Number(row[1 + 4 * place])).toBe(failures)
        expect(row[4 + 4 * place]).toBe('1')
      }
    }
    store.close()
  })

  test('is saved under a name with an address of its own, changed, renamed, deleted and brought back', async ({
    page,
  }) => {
    await open(page, '/compare?experiments=1&x=episodes')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByLabel('Name').fill('Methods by episodes')
    await page.getByLabel('Name').press('Enter')
    await expect(page).toHaveURL(/\/compare\/1$/)
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Methods by episodes' })).toBeVisible()
    await expect(page.getByRole('combobox', { name: 'Over', exact: true })).toHaveValue('episodes')

    await page.getByRole('combobox', { name: 'Average' }).selectOption('iqm')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await expect(page).toHaveURL(/\/compare\/1$/)
    await expect(page.getByRole('combobox', { name: 'Average' })).toHaveValue('iqm')

    await page.getByRole('button', { name: /^Saved/ }).click()
    await page.getByRole('menuitem', { name: /^Delete/ }).click()
    await expect(page).toHaveURL(/\/compare$/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('heading', { name: 'Methods by episodes' })).toBeVisible()
    await open(page, '/compare/99')
    await expect(
      page.getByRole('heading', { name: 'There is no saved comparison 99 in this lab' }),
    ).toBeVisible()
  })

  test('weighs return against failures, tells differences, and warns of few seeds', async ({ page }) => {
    await open(page, '/compare?experiments=1&show=safety')
    await expect(page.getByRole('img', { name: /^Return against failure rate\. SQRL/ })).toBeVisible()
    await expect(page.getByText('ε = 10 %', { exact: true })).toBeVisible()
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Statistics' }).click()
    await expect(page.getByText(/One seed says nothing about how much seeds differ/).first()).toBeVisible()
    await page.getByRole('button', { name: 'make it the baseline' }).click()
    await expect(page).toHaveURL(/baseline=/)
    const survival = page.getByRole('img', { name: /^Training without a failure\..*SQRL: \d of 1 runs fail/ })
    await expect(survival).toBeVisible()
    await page.getByRole('combobox', { name: 'Counted in' }).selectOption('episodes')
    await expect(page).toHaveURL(/x=episodes/)
    await expect(page.getByRole('columnheader', { name: 'Median first failure (episode)' })).toBeVisible()
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Profiles' }).click()
    await expect(
      page.getByRole('img', { name: /^Performance profile over one task\. SQRL: optimality gap/ }),
    ).toBeVisible()
    await expect(page.getByText(/One run of each task says nothing/)).toBeVisible()
    await page.getByLabel('Score 1 at, The task of these runs').fill('500')
    await page.getByLabel('Score 1 at, The task of these runs').press('Enter')
    await expect(page).toHaveURL(/bounds=/)
    await expect(page.getByText(/from 0 to 1 between the bounds set/)).toBeVisible()
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await expect(page.getByRole('table', { name: 'Settings that differ' })).toBeVisible()
    await expect.poll(() => shareDrawn(page)).toBeGreaterThan(0.001)
    await page.getByRole('slider', { name: 'method, least' }).press('ArrowUp')
    await expect(page).toHaveURL(/ranges=method/)
    await expect(page.getByRole('status').filter({ hasText: '1 of 2 runs lie within' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('slider', { name: 'method, least' }).press('Delete')
    await expect(page).not.toHaveURL(/ranges=/)
    await page.getByRole('button', { name: 'Both phases' }).click()
    await expect(
      page.getByRole('img', { name: /^Cumulative failures, pre-training, at the end: SQRL/ }),
    ).toBeVisible()
    await expectAccessible(page)
  })

  test('probes the safety critics', async ({ page }) => {
    await open(page, '/compare?experiments=1&show=calibration')
    await page.getByLabel('Probe with').selectOption('200')
    await page.getByRole('button', { name: 'Probe the critics' }).click()
    await expect(page.getByRole('table', { name: 'Calibration by run' })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('SAC has no safety critic.')).toBeVisible()
    await expect(page.getByRole('img', { name: /^Reliability/ })).toBeVisible()
    await expectAccessible(page)
  })

  test('is chosen with the keyboard alone', async ({ page }) => {
    await open(page, '/compare')
    const experiment = page.getByRole('checkbox', { name: /Short transfer/ })
    await experiment.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await expect(page.getByText('1 run compared')).toBeVisible()
    await expect(page).toHaveURL(/runs=\d/)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Space')
    await expect(page.getByText('2 runs compared')).toBeVisible()
    await expect(page).toHaveURL(/experiments=1/)
  })
})
