import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

test.describe('a lab whose runs are done', () => {
  test('shows how they ended', async ({ page }) => {
    const rows = page.getByRole('row').filter({ hasText: 'Finished' })
    await expect(rows).toHaveCount(4)
    await expect(rows.first()).toContainText('100')
    await expect(page.getByRole('row', { name: /Short transfer/ })).toContainText('4 runs')
    await expectAccessible(page)
  })

  test('is found by filter, order and keys, and keeps them in its address', async ({ page }) => {
    await expect(page.getByRole('row').filter({ hasText: 'Finished' })).toHaveCount(4)
    await page.keyboard.press('/')
    await page.keyboard.type('sac fine')
    await expect(page.getByText('1 of 4 runs')).toBeVisible()
    await page.reload()
    await expect(page.getByText('1 of 4 runs')).toBeVisible()
    await page.getByLabel('Filter runs').fill('')
    await page.getByRole('button', { name: 'Failures' }).click()
    await expect(page.getByRole('columnheader', { name: 'Failures' })).toHaveAttribute(
      'aria-sort',
      'descending',
    )

    await page.getByRole('treegrid', { name: 'Runs' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(page.getByText('2 selected')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/runs\/\d$/)
  })

  test('opens a run with its failures, settings, checkpoints and origin', async ({ page }) => {
    await page.getByRole('link', { name: '1', exact: true }).click()
    await expect(page.getByTestId('run-state')).toHaveText('Finished')
    await expect(page.getByRole('table', { name: 'Failures, newest first' })).toContainText('lava')

    await page.getByRole('tab', { name: 'Settings' }).click()
    await expect(page).toHaveURL(/tab=settings/)
    await expect(page.getByRole('row', { name: /epsilonSafe/ })).toContainText('ε')
    await page.reload()
    await expect(page.getByRole('tab', { name: 'Settings' })).toHaveAttribute('aria-selected', 'true')
    await page.getByRole('tab', { name: /Checkpoints/ }).click()
    await expect(page.getByRole('table', { name: 'Checkpoints, newest first' })).toContainText('1,200')
    await page.getByRole('tab', { name: 'Origin' }).click()
    await expect(page.getByText('Compute threads')).toBeVisible()
    await expectAccessible(page)
  })

  test('has the numbers of a chart as a table, and zooms all charts at once', async ({ page }) => {
    await page.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('button', { name: 'Show data of Cumulative failures' }).click()
    const table = page.getByRole('table', { name: 'Data of Cumulative failures' })
    await expect(table.getByRole('row')).not.toHaveCount(1)
    await expectAccessible(page)

    const chart = page.getByRole('img', { name: /^Return/ })
    await chart.scrollIntoViewIfNeeded()
    const box = await chart.boundingBox()
    if (box === null) throw new Error('The chart has no place on the page.')
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 5 })
    await page.mouse.up()
    await expect(page.getByText(/^steps [\d,]+ to [\d,]+$/)).toBeVisible()
    await page.mouse.dblclick(box.x + box.width * 0.5, box.y + box.height / 2)
    await expect(page.getByText(/^steps [\d,]+ to [\d,]+$/)).toBeHidden()
  })

  test('refuses in place what cannot be done', async ({ page }) => {
    await page.goto(new URL('/runs/99', page.url()).href)
    await expect(page.getByRole('heading', { name: 'There is no run 99 in this lab' })).toBeVisible()
    await page.goto(new URL('/nowhere', page.url()).href)
    await expect(page.getByRole('heading', { name: 'There is no such view' })).toBeVisible()
  })

  test('goes on with a finished run that is extended', async ({ page }) => {
    await page.getByRole('link', { name: '4', exact: true }).click()
    await page.getByRole('button', { name: 'Extend' }).click()
    await page.getByLabel('Train it for').fill('none')
    await expect(page.getByText('A whole number of steps above zero.')).toBeVisible()
    await page.getByLabel('Train it for').fill('200')
    await page.getByLabel('Train it for').press('Enter')
    await expect(page.getByTestId('run-step')).toHaveText('800 of 800', { timeout: 60_000 })
    await expect(page.getByTestId('run-state')).toHaveText('Finished', { timeout: 60_000 })
  })
})
