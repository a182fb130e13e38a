import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

test.describe('the failures of a lab', () => {
  test('are chosen by cause, order and range, and the address keeps it', async ({ page }) => {
    await page.getByRole('link', { name: 'Failures' }).click()
    const sentence = page.getByRole('status').filter({ hasText: /failures in \d runs/ })
    await expect(sentence).toContainText('without warning')
    const all = Number(/^([\d,]+)/.exec((await sentence.textContent()) ?? '')?.[1]?.replace(',', ''))
    expect(all).toBeGreaterThan(20)

    const first = page.getByRole('group', { name: 'Cause' }).getByRole('checkbox').first()
    const label = page.getByRole('group', { name: 'Cause' }).locator('label').first()
    const cause = (await label.locator('.name').textContent()) ?? ''
    const count = (await label.locator('.count').textContent()) ?? ''
    await first.check()
    await expect(sentence).toContainText(`${count} failure`)
    await expect(page).toHaveURL(/cause=/)
    const cells = page.getByRole('grid', { name: 'Failures' }).getByRole('gridcell')
    await expect(cells.first()).toContainText(cause)
    await page.reload()
    await expect(first).toBeChecked()
    await expect(sentence).toContainText(`${count} failure`)

    await page.getByLabel('Order').selectOption('Step, latest first')
    await expect(page).toHaveURL(/sort=-step/)
    await page.getByLabel('Step of the run, to').fill('100')
    await page.getByLabel('Step of the run, to').press('Enter')
    await expect(page).toHaveURL(/steps=-100/)
    const stepOf = async (index: number) =>
      Number(/step ([\d,]+)/.exec((await cells.nth(index).textContent()) ?? '')?.[1]?.replace(',', ''))
    // The cells of the last conditions stay until the new ones have come: both facts are waited for at once.
    await expect(async () => {
      const [latest, before] = [await stepOf(0), await stepOf(1)]
      expect(latest).toBeLessThanOrEqual(100)
      expect(before).toBeLessThanOrEqual(latest)
    }).toPass()
    await page.getByRole('button', { name: 'Clear the conditions' }).click()
    await expect(sentence).toContainText(new RegExp(`^${all.toLocaleString('en')} failures`))
    await expectAccessible(page)
  })

  test('are walked through by keys, opened as replays, and lead to their place on the curve', async ({
    page,
  }) => {
    await page.goto(new URL('/failures?run=1', page.url()).href)
    const grid = page.getByRole('grid', { name: 'Failures' })
    await expect(grid.getByRole('gridcell').first()).toContainText('run 1')
    await grid.focus()
    await page.keyboard.press('Home')
    const bar = page.getByRole('region', { name: 'The failure chosen' })
    await expect(bar).toContainText('1 of')
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await page.keyboard.press('p')
    await expect(bar).toContainText('2 of')
    await page.keyboard.press('ArrowRight')
    await expect(bar).toContainText('3 of')
    await expect(page).toHaveURL(/at=\d+/)
    await page.reload()
    await expect(bar).toContainText('3 of')
    await expectAccessible(page)

    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/replay\/\d+\?in=run(=|%3D)1$/)
    const third = page.url()
    await expect(page.getByTestId('outcome')).toBeVisible()
    await expect(async () => {
      await page.keyboard.press('n')
      expect(page.url()).not.toBe(third)
    }).toPass()
    await expect(page).toHaveURL(/in=run(=|%3D)1$/)
    await page.goBack()
    await expect(bar).toContainText('3 of')
    await grid.focus()
    await page.keyboard.press('c')
    await expect(page).toHaveURL(/\/runs\/1\?step=\d+$/)
  })

  test('say so where there are none', async ({ page }) => {
    await page.goto(new URL('/failures?run=2&text=meteor', page.url()).href)
    await expect(page.getByText('No failure meets these conditions.')).toBeVisible()
    await page.goto(new URL('/failures?run=99', page.url()).href)
    await expect(page.getByRole('alert')).toContainText('There is no run 99.')
    await page.setViewportSize({ width: 420, height: 800 })
    await page.goto(new URL('/failures', page.url()).href)
    await expect(page.getByRole('gridcell').first()).toBeVisible()
    await expectAccessible(page)
  })
})

test.describe('a lab without failures', () => {
  test.use({ startsTrained: false })
  test('says what will come here', async ({ page }) => {
    await page.goto(new URL('/failures', page.url()).href)
    await expect(page.getByRole('heading', { name: 'No episode has failed here so far' })).toBeVisible()
    await expectAccessible(page)
  })
})
