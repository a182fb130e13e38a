import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openPromise } from 'yauzl'
import { expect } from './fixtures.ts'
import { frame, scene } from './replays.ts'

/** A busy machine simulates and draws a robot slowly. */
const patient = { timeout: 60_000 }

/** Pushes the main body at the present frame, goes on four times, and sees how many recover. */
export async function pushAndBranch(page: Page): Promise<void> {
  await page.keyboard.press('b')
  await page.getByLabel('Mask actions').waitFor()
  const push = page.getByRole('slider', { name: 'Push' })
  await push.focus()
  for (let step = 0; step < 4; step++) await push.press('ArrowRight')
  await expect(page).toHaveURL(/push=[\d.]+(,|%2C)0(,|%2C)0/)
  await expect(scene(page)).toHaveAttribute('data-push', 'shown')
  await page.getByLabel('Seeds').fill('4')
  await page.getByRole('button', { name: 'Push and branch' }).click()
  const result = page.getByTestId('branch-result').first()
  await expect(result).toContainText(/\d of 4 recovers? \(\d+\s%, 95\s% interval \d+ to \d+\s%\)/, patient)
  await expect(result).toContainText('pushed by')
  await expect(scene(page)).toHaveAttribute('data-ghosts', '4')
  await page.getByRole('button', { name: 'Take the ghosts away' }).click()
}

/** Lets the bodies go with their motors held, then limp, and takes them back. */
export async function letGo(page: Page): Promise<void> {
  const before = await frame(page).inputValue()
  await page.getByRole('button', { name: 'Let go' }).click()
  const bar = page.getByTestId('let-go')
  await expect(bar).toHaveAttribute('data-state', 'running', patient)
  await page.getByLabel('Held').check()
  await page.getByLabel('Limp').check()
  const seconds = async () => Number(await page.getByTestId('let-go-seconds').innerText())
  await expect.poll(seconds, patient).toBeGreaterThan(0.1)
  await page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await expect(frame(page)).toHaveValue(before)
}

/** Saves the frame as a picture of 640 x 400 pixels, then the frames from the present one on as a film and as pictures one by one. */
export async function savePictures(page: Page): Promise<void> {
  await page.keyboard.press('[')
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export the replay' })
  await dialog.getByLabel('Size').selectOption('640 × 400')
  const saved = async (as: string) => {
    await dialog.getByLabel('As').selectOption({ label: as })
    if (as !== 'PNG, this frame') await dialog.getByLabel('Pictures per second').selectOption('5')
    const download = page.waitForEvent('download', { timeout: 120_000 })
    await dialog.getByRole('button', { name: 'Save' }).click()
    return (await download).path()
  }
  const png = await readFile(await saved('PNG, this frame'))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 400])
  const film = await readFile(await saved('WebM film'))
  expect(film.subarray(0, 4).toString('hex')).toBe('1a45dfa3')
  expect(film.includes('webm')).toBe(true)
  const pictures = await namesIn(await saved('PNG sequence (ZIP)'))
  // Those that move, then one second of the last.
  expect(pictures.length).toBeGreaterThanOrEqual(6)
  expect(pictures).toEqual(pictures.map((_, index) => `${String(index + 1).padStart(5, '0')}.png`))
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
}

async function namesIn(file: string): Promise<string[]> {
  const zip = await openPromise(file, { lazyEntries: true })
  const names: string[] = []
  for await (const { fileName } of zip.eachEntry()) names.push(fileName)
  return names
}

/** Goes to the frame in which a failure test was crossed, from its line in the timeline of causes. */
export async function followCause(page: Page, test: RegExp): Promise<void> {
  await page.keyboard.press('y')
  await expect(page.getByTestId('cause')).toContainText(test)
  await page.keyboard.press('Home')
  const crossing = page
    .getByRole('list', { name: 'What came before what' })
    .getByRole('button', { name: 'passes' })
  await crossing.click()
  await expect(scene(page)).toHaveAttribute('aria-label', /Frame (\d+) of \1\./, patient)
}

/** The overlays of a robot stand in the address. */
export async function toggleOverlays(page: Page): Promise<void> {
  for (const [key, name] of [
    ['Shift+C', 'Contacts'],
    ['Shift+M', 'Centre of mass'],
    ['Shift+J', 'Joints'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page.getByRole('button', { name, exact: true })).toHaveAttribute('aria-pressed', 'true')
  }
  await expect(page).toHaveURL(/overlays=contacts(,|%2C)centreOfMass(,|%2C)joints/)
}
