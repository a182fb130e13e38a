import { readFile } from 'node:fs/promises'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { expectScene, failureOf, frame, openFailure, scene, timeline } from './replays.ts'

test.use({ startsTrained: true })

test.describe('a replay', () => {
  test('is moved by keys, by typing and by its chart, and keeps its frame over a reload', async ({
    page,
    trainedLab,
  }) => {
    await openFailure(page, trainedLab)
    await expect(page.getByTestId('outcome')).toContainText('Failure')
    const last = Number(await timeline(page).getAttribute('aria-valuemax'))

    await page.keyboard.press('End')
    await expect(frame(page)).toHaveValue(String(last))
    await expect(scene(page)).toHaveAttribute(
      'aria-label',
      new RegExp(`Frame ${last} of ${last}\\..*Failure: `),
    )
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await expect(frame(page)).toHaveValue('1')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowRight')
    await expect(frame(page)).toHaveValue(String(Math.min(10, last)))

    await frame(page).fill('9999')
    await frame(page).press('Enter')
    await expect(page.getByText(`There are frames 0 to ${last}.`)).toBeVisible()
    await frame(page).fill('1')
    await frame(page).press('Enter')
    await expect(timeline(page)).toHaveAttribute('aria-valuenow', '1')
    await expect(page).toHaveURL(/frame=1(&|$)/)
    await page.reload()
    await expectScene(page, 'ready')
    await expect(frame(page)).toHaveValue('1')

    const box = await timeline(page).boundingBox()
    if (box === null) throw new Error('The timeline has no place on the page.')
    await page.mouse.click(box.x + box.width - 20, box.y + box.height - 60)
    await expect(frame(page)).toHaveValue(String(last))
    for (let steps = 0; steps < 3; steps++) await page.keyboard.press('ArrowLeft')
    await expect(frame(page)).toHaveValue(String(last - 3))
    await page.keyboard.press('Space')
    await expect(frame(page)).toHaveValue(String(last), { timeout: 60_000 })
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
    await expectAccessible(page)
  })

  test('marks moments, by itself and by hand', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    const markers = page.getByRole('region', { name: 'Markers' })
    await expect(markers).toContainText('Failure: ')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('m')
    await page.getByLabel('Name of the mark at frame 1').fill('turns away')
    await page.keyboard.press('Enter')
    await expect(markers).toContainText('turns away')
    await page.keyboard.press('Home')
    await page.reload()
    await expect(markers).toContainText('turns away')
    await page.getByRole('button', { name: 'Remove the mark turns away' }).click()
    await expect(markers).not.toContainText('turns away')
  })

  test('names a stretch of frames, which then plays again and again', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('[')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press(']')
    await page.getByRole('button', { name: 'Name the loop of frames 1 to 11' }).click()
    await page.getByLabel('Name of frames 1 to 11').fill('strays')
    await page.keyboard.press('Enter')
    const markers = page.getByRole('region', { name: 'Markers' })
    await expect(markers).toContainText('1–11')
    await page.reload()
    await expectScene(page, 'ready')
    await expect(page.getByRole('button', { name: 'Loop', exact: true })).toHaveAttribute(
      'aria-pressed',
      'false',
    )
    await markers.getByRole('button', { name: '1–11 strays' }).click()
    await expect(page.getByRole('button', { name: 'Loop', exact: true })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
    await page.getByRole('button', { name: 'Pause' }).click()
    await markers.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel('Name of frames 1 to 11').fill('wanders')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove the mark wanders' }).click()
    await expect(markers).not.toContainText('1–11')
  })

  test('hides parts of its scene, and shows them transparent', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    const parts = page.getByTestId('parts')
    await expect(parts.getByRole('checkbox', { name: 'map' })).toBeHidden()
    await parts.getByText('Parts of the scene').first().click()
    await parts.getByRole('button', { name: 'Parts of spider' }).click()
    await expect(parts.getByLabel('ellipsoid 1', { exact: false }).first()).toBeVisible()
    await page.getByRole('textbox', { name: 'Frame', exact: true }).focus()
    await page.keyboard.press('Escape')
    await page.keyboard.press('d')
    await expect(parts.getByRole('checkbox', { name: 'map' })).not.toBeChecked()
    await page.keyboard.press('Shift+T')
    await expect(parts.getByLabel('Opacity of spider')).toHaveValue('0.35')
    await parts.getByRole('button', { name: 'Show all as they are' }).click()
    await expect(parts.getByRole('checkbox', { name: 'map' })).toBeChecked()
    await expectAccessible(page)
  })

  test('shows what the critic thinks: of the candidates and over the floor', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.getByRole('tab', { name: 'Critic' }).click()
    await page.getByLabel('It judges this episode').check()
    await expect(scene(page)).toHaveAttribute('data-arrows-chosen', '1')
    const count = async (kind: string) => Number(await scene(page).getAttribute(`data-arrows-${kind}`))
    await expect.poll(async () => (await count('allowed')) + (await count('masked'))).toBe(50)
    await page.keyboard.press('a')
    await expect(scene(page)).toHaveAttribute('data-arrows-chosen', '0')

    await expect(scene(page)).toHaveAttribute('data-field', 'none')
    await page.keyboard.press('h')
    await expect(scene(page)).toHaveAttribute('data-field', /step \d+/)
    await expect(page.getByRole('img', { name: /^Q_safe from 0, light, to 1, dark red/ })).toBeVisible()
    await expectAccessible(page)
    await page.keyboard.press('h')
    await expect(scene(page)).toHaveAttribute('data-field', 'none')
  })

  test('branches, shows other episodes as ghosts, and verifies itself', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.keyboard.press('v')
    await expect(page.getByTestId('verification')).toHaveText(/^All \d+ frames? came out again, bit by bit$/)

    await page.keyboard.press('b')
    await page.getByLabel('Seeds').fill('8')
    await page.getByRole('button', { name: 'Branch here' }).click()
    await expect(page.getByTestId('branch-result')).toContainText(
      /\d of 8 fails? \(\d+\s%, 95\s% interval \d+ to \d+\s%\)/,
    )
    await expect(scene(page)).toHaveAttribute('data-ghosts', '8')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Take the ghosts away' }).click()
    await expect(scene(page)).toHaveAttribute('data-ghosts', '0')

    const other = await failureOf(trainedLab, 3)
    await openFailure(page, trainedLab, `?with=${other}&panel=compare`)
    await expect(page.getByTestId('companion')).toContainText(`Episode ${other}`)
    await expect(scene(page)).toHaveAttribute('data-ghosts', '1')
    await page.getByLabel('the end').check()
    await expect(page).toHaveURL(/align=end/)
    await expectAccessible(page)
  })

  test('lets the bodies go, and takes them back', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.keyboard.press('Shift+G')
    await expect(page.getByTestId('let-go')).toHaveAttribute('data-state', 'running')
    await page.getByRole('button', { name: 'Push right' }).click()
    await expect
      .poll(async () => Number(await page.getByTestId('let-go-seconds').innerText()))
      .toBeGreaterThan(0.2)
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('let-go')).toBeHidden()
    await expect(frame(page)).toHaveValue('0')
  })

  test('is saved as a picture and as a film', async ({ page, trainedLab }) => {
    await openFailure(page, trainedLab)
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export the replay' })
    const saved = async (as: string) => {
      await dialog.getByLabel('As').selectOption({ label: as })
      const download = page.waitForEvent('download', { timeout: 120_000 })
      await dialog.getByRole('button', { name: 'Save' }).click()
      return readFile(await (await download).path())
    }
    await dialog.getByLabel('Size').selectOption('640 × 400')
    const png = await saved('PNG, this frame')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 400])
    await expectAccessible(page)
    await dialog.getByLabel('As').selectOption({ label: 'GIF' })
    await dialog.getByLabel('Pictures per second').selectOption('5')
    const gif = await saved('GIF')
    expect(gif.subarray(0, 6).toString()).toBe('GIF89a')
  })

  test('says why an episode cannot be replayed', async ({ page }) => {
    await page.goto(new URL('/replay/999999', page.url()).href)
    await expect(page.getByRole('heading', { name: 'This episode cannot be replayed' })).toBeVisible()
  })
})
