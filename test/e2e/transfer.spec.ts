import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

const training = { timeout: 90_000 }
const step = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`^(\\d )?${title}`) })
const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href)

test.use({ startsTrained: true })

test.describe('a new transfer', () => {
  test('is set up step by step, survives a reload, is refused while it is wrong, and trains', async ({
    page,
  }) => {
    await page.getByRole('link', { name: 'New transfer' }).click()
    await expect(
      page.getByRole('heading', { name: 'Where does the agent learn what failure is?' }),
    ).toBeVisible()
    await expect(page.getByRole('img', { name: /^Pre-training task from/ })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Continue to target task' }).click()
    await expect(page).toHaveURL(/\/transfer\/\d+\?step=target$/)

    await test.step('says beside the field what is wrong', async () => {
      await page.getByLabel('Goal', { exact: true }).fill('3.5, 2.5')
      await expect(page.getByText('The goal must lie on a free cell of the map.')).toBeVisible()
      await expect(page.getByText('One entry needs attention')).toBeVisible()
      await step(page, 'Review').click()
      await expect(page.getByRole('button', { name: /^Start/ })).toBeDisabled()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Go to target task' }).click()
      const named = page.getByRole('button', { name: /^Goal B, to the side The goal/ })
      await named.click()
      await expect(named).toHaveAttribute('aria-pressed', 'true')
      await expect(page.getByLabel('Goal', { exact: true })).toHaveValue('6.5, 2.5')
      await expect(page.getByText('The goal must lie on a free cell of the map.')).toBeHidden()
      await page.getByLabel('Noise', { exact: true }).fill('0.2')
      await expect(page.getByRole('row', { name: /Task .*noise 0\.2/ })).toContainText('differs')
      await expectAccessible(page)
    })

    await test.step('paints the map by keys', async () => {
      const corner = page.getByRole('gridcell', { name: 'Row 0, column 0: .' })
      await corner.focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Space')
      await expect(page.getByRole('gridcell', { name: 'Row 0, column 1: #' })).toBeFocused()
      await page.keyboard.press('Space')
      await page.getByRole('button', { name: /^Reset Map/ }).click()
    })

    await test.step('is the same after a reload, at the same step', async () => {
      await expect(page.getByText(/^Draft kept/)).toBeVisible()
      await page.waitForTimeout(800)
      await page.reload()
      await expect(
        page.getByRole('heading', { name: 'What changes where failing is not harmless?' }),
      ).toBeVisible()
      await expect(page.getByLabel('Goal', { exact: true })).toHaveValue('6.5, 2.5')
      await expect(page.getByLabel('Noise', { exact: true })).toHaveValue('0.2')
    })

    await test.step('takes methods and seeds', async () => {
      await page.getByRole('button', { name: 'Continue to methods and seeds' }).click()
      await page.getByRole('checkbox', { name: /^SAC/ }).uncheck()
      await page.getByLabel('Seeds', { exact: true }).fill('0-1')
      await expect(page.getByText(/phase: 4 new runs/)).toBeVisible()
      await expect(page.getByText(/SQRL: from 1 earlier run/)).toBeVisible()
      await page.getByLabel('Seeds', { exact: true }).fill('7')
      await expectAccessible(page)
    })

    await test.step('shows what a threshold would have refused', async () => {
      await page.getByRole('button', { name: 'Continue to safety and settings' }).click()
      await page.getByRole('button', { name: 'Probe with fresh episodes' }).click()
      const rates = page.getByRole('table', { name: 'Thresholds by false-alarm rate' })
      await expect(rates).toBeVisible(training)
      await expect(rates.getByRole('row')).toHaveCount(9)
      await page.getByRole('radio', { name: 'A false-alarm rate' }).check()
      await page.getByRole('button', { name: /^Use 5.% false alarms/ }).click()
      await expect(page.getByRole('textbox', { name: /^False alarm rate/ })).toHaveValue('0.05')
      await expect(page.getByText(/this comes to ε_safe/)).toBeVisible()
      await expectAccessible(page)
      await page.getByRole('radio', { name: 'A probability' }).check()
      await page.getByRole('textbox', { name: /^Epsilon safe/ }).fill('0.2')
      await expect(page.getByText(/comes to a false-alarm rate of/)).toBeVisible()
      await page.getByPlaceholder('Name, symbol or help').fill('hidden')
      await page.getByRole('textbox', { name: /^Hidden sizes/ }).fill('8, 8')
      await expectAccessible(page)
    })

    await test.step('measures on this machine and keeps nothing of it', async () => {
      await page.getByRole('button', { name: 'Continue to budget' }).click()
      await page.getByRole('textbox', { name: /^Pre-training steps/ }).fill('300')
      await page.getByRole('textbox', { name: /^Fine-tuning steps/ }).fill('150')
      await page.getByRole('button', { name: 'Measure how long it takes' }).click()
      await expect(page.getByTestId('dry-run-time')).toBeVisible(training)
      await expect(page.getByRole('row', { name: /SQRL Fine-tuning/ })).toContainText(/\d/)
      await expectAccessible(page)
    })

    await test.step('shows what differs and the command, and starts', async () => {
      await page.getByRole('button', { name: 'Continue to review' }).click()
      const differences = page.getByRole('table', { name: 'Differences from the preset' })
      await expect(differences.getByRole('row', { name: /Noise 0\.1 0\.2/ })).toBeVisible()
      await expect(page.getByText(/--target goal=6\.5,2\.5 --target noise=0\.2/)).toBeVisible()
      await page.getByLabel('Name', { exact: true }).fill('By the wizard')
      await expect(page.getByText(/--name 'By the wizard'/)).toBeVisible()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Start 2 runs' }).click()
      await expect(page).toHaveURL(/\/runs$/)
      await expect(page.locator('#row-run-6')).toContainText('Finished', training)
      await page.getByRole('link', { name: 'New transfer' }).click()
      await expect(page.getByRole('heading', { name: 'Go on with a draft' })).toBeHidden()
    })
  })

  test('copies an experiment and shows what is changed from it', async ({ page }) => {
    await open(page, '/transfer?from=experiment:1')
    await expect(page.getByText('Copy of Short transfer')).toBeVisible()
    await expect(page).toHaveURL(/\/transfer\/\d+/)
    await step(page, 'Safety and settings').click()
    await page.getByRole('textbox', { name: /^Epsilon safe/ }).fill('0.05')
    await step(page, 'Review').click()
    const changed = page.getByRole('table', { name: 'Differences from the parent' })
    await expect(changed.getByRole('row')).toHaveCount(2)
    await expect(changed.getByRole('row', { name: /Epsilon safe 0\.1 0\.05/ })).toBeVisible()
    await expect(page.getByText(/--pretrain-steps 1200 --finetune-steps 600/)).toBeVisible()
  })

  test('starts from a finished run or a checkpoint, and says how it fits', async ({ page }) => {
    await open(page, '/transfer?checkpoint=1')
    await expect(page.getByRole('radio', { name: /A checkpoint/ })).toBeChecked()
    await page.getByRole('radio', { name: /One finished pre-training run/ }).check()
    await page.getByLabel('Run', { exact: true }).selectOption({ label: await sqrlRun(page) })
    await step(page, 'Target task').click()
    await expect(page.getByRole('row', { name: /γ_safe/ })).toContainText('fits')
    await expect(page.getByRole('list', { name: 'What carries over' })).toContainText('Frozen')
    await step(page, 'Methods and seeds').click()
    await page.getByLabel('Seeds', { exact: true }).fill('3')
    await step(page, 'Budget').click()
    await page.getByRole('textbox', { name: /^Fine-tuning steps/ }).fill('100')
    await step(page, 'Review').click()
    await expect(page.getByText(/--pretrained-run 1 /)).toBeVisible()
    await page.getByRole('button', { name: 'Start 1 run' }).click()
    await expect(page.locator('#row-run-5')).toContainText('Finished', training)
  })

  test('goes to a file and comes back from one, and refuses what it does not know', async ({
    page,
    labFolder,
  }) => {
    const changed = path.join(path.dirname(labFolder), 'request.json')
    const request = { environment: 'drunk-spider', methods: ['sac'], seeds: [4] }
    await writeFile(changed, JSON.stringify({ ...request, gravity: 9.81 }))
    await open(page, '/transfer')
    await step(page, 'Review').click()
    await page.getByLabel('Import a file').setInputFiles(changed)
    const refused = page.getByRole('alert').filter({ hasText: 'A transfer request has no entry "gravity".' })
    await expect(refused).toBeVisible()
    // That the draft is kept a moment later does not take the sentence away.
    await expect(page).toHaveURL(/\/transfer\/\d+/)
    await expect(page.getByText(/^Draft kept/)).toBeVisible()
    await expect(refused).toBeVisible()

    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as file' }).click()
    const file = await (await downloading).path()
    const exported: unknown = JSON.parse(await readFile(file, 'utf8'))
    expect(exported).toMatchObject({
      environment: 'drunk-spider',
      methods: ['sqrl', 'sac'],
      seeds: [0, 1, 2],
    })

    await writeFile(changed, JSON.stringify(request))
    await page.getByLabel('Import a file').setInputFiles(changed)
    await expect(page.getByText(/--methods sac --seeds 4/)).toBeVisible()
    await expect(refused).toBeHidden()
  })

  test('keeps drafts until they are discarded, and gives a discarded one back', async ({ page }) => {
    await open(page, '/transfer?fromRun=4')
    await expect(page.getByText('Copy of run 4')).toBeVisible()
    await expect(page).toHaveURL(/\/transfer\/\d+/)
    const views = page.getByRole('navigation', { name: 'Views' })
    await views.getByRole('link', { name: 'Runs' }).click()
    await expect(page).toHaveURL(/\/runs$/)
    await views.getByRole('link', { name: 'New transfer' }).click()
    const drafts = page.getByRole('region', { name: 'Go on with a draft' })
    await expect(drafts.getByRole('listitem')).toHaveCount(1)
    await drafts.getByRole('button', { name: /^Discard/ }).click()
    await expect(drafts).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(drafts.getByRole('listitem')).toHaveCount(1)
  })
})

/** The whole label of the SQRL run in the list of runs. */
async function sqrlRun(page: Page): Promise<string> {
  return page.getByLabel('Run', { exact: true }).locator('option', { hasText: 'SQRL' }).innerText()
}
