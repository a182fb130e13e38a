import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { expectScene, failureOf, frame, openFailure, scene, timeline } from './replays.ts'
import { loseWebGl, takeWebGlAway } from './web-gl.ts'

test.use({ startsTrained: true })

test.describe('episodes side by side', () => {
  test('have panes of their own on one clock, which the address keeps', async ({ page, trainedLab }) => {
    const other = await failureOf(trainedLab, 3)
    const own = await openFailure(page, trainedLab, `?with=${other}&panel=compare`)
    await expect(scene(page)).toHaveAttribute('data-ghosts', '1')
    await page.getByLabel('side by side').check()
    await expect(page).toHaveURL(/show=side/)
    await expect(scene(page)).toHaveAttribute('data-panes', '2')
    await expect(scene(page)).toHaveAttribute('data-ghosts', '0')
    const panes = page.getByTestId('pane')
    await expect(panes.nth(0)).toContainText(`Episode ${own}`)
    await expect(panes.nth(1)).toContainText(`Episode ${other}`)
    await expect(scene(page)).toHaveAttribute(
      'aria-label',
      new RegExp(`Beside it: Episode ${other}\\. Frame 0 `),
    )

    await page.getByLabel('the end').check()
    await timeline(page).focus()
    await page.keyboard.press('End')
    const last = await timeline(page).getAttribute('aria-valuemax')
    await expect(frame(page)).toHaveValue(String(last))
    await expect(panes.nth(0)).toContainText('Failure')
    await expect(panes.nth(1)).toContainText('Failure')

    await page.getByLabel('One camera for all').uncheck()
    await expect(page).toHaveURL(/cameras=free/)
    await page.reload()
    await expectScene(page, 'ready')
    await expect(scene(page)).toHaveAttribute('data-panes', '2')
    await expect(page.getByLabel('One camera for all')).not.toBeChecked()
    await expectAccessible(page)

    await page.getByRole('button', { name: `Take episode ${other} away` }).click()
    await expect(scene(page)).toHaveAttribute('data-panes', '1')
  })

  test('fit into a small window', async ({ page, trainedLab }) => {
    await page.setViewportSize({ width: 1024, height: 700 })
    const other = await failureOf(trainedLab, 3)
    await openFailure(page, trainedLab, `?with=${other}&show=side`)
    await expect(page.getByTestId('pane')).toHaveCount(2)
    for (const pane of await page.getByTestId('pane').all()) {
      const box = await pane.boundingBox()
      expect(box?.width).toBeGreaterThan(160)
      expect(box?.height).toBeGreaterThan(100)
    }
  })
})

test.describe('without WebGL', () => {
  test('a replay is seen from above, and everything else goes on working', async ({ page, trainedLab }) => {
    await takeWebGlAway(page)
    const episodeId = await openFailure(page, trainedLab, '', 'flat')
    await expect(page.getByTestId('obstacle')).toContainText(
      '3D needs WebGL 2, which this browser does not offer',
    )
    await page.keyboard.press('End')
    const last = Number(await timeline(page).getAttribute('aria-valuemax'))
    await expect(frame(page)).toHaveValue(String(last))
    await expect(scene(page)).toHaveAttribute('aria-label', new RegExp(`Frame ${last} of ${last}`))
    await page.keyboard.press('m')
    await page.getByLabel(`Name of the mark at frame ${last}`).fill('over')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Markers' })).toContainText('over')
    await page.keyboard.press('v')
    await expect(page.getByTestId('verification')).toHaveText(/bit by bit$/)
    await page.keyboard.press('Home')
    await page.keyboard.press('b')
    await page.getByLabel('Seeds').fill('4')
    await page.getByRole('button', { name: 'Branch here' }).click()
    await expect(scene(page)).toHaveAttribute('data-ghosts', '4')
    await expectAccessible(page)

    const other = await failureOf(trainedLab, 3)
    await page.goto(new URL(`/replay/${episodeId}?with=${other}&show=side`, page.url()).href)
    await expectScene(page, 'flat')
    await expect(page.getByTestId('pane')).toHaveCount(2)
  })

  test('a replay whose graphics card goes away is seen from above until it comes back', async ({
    page,
    trainedLab,
  }) => {
    await openFailure(page, trainedLab)
    await page.keyboard.press('ArrowRight')
    await loseWebGl(page)
    await expectScene(page, 'flat')
    await expect(page.getByTestId('obstacle')).toContainText('which the graphics card has taken away')
    await page.keyboard.press('ArrowRight')
    await expect(frame(page)).toHaveValue('2')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expectScene(page, 'ready')
    await expect(page.getByTestId('obstacle')).toBeHidden()
  })
})
