import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

// Networks of a few units: what is looked at is the way from an empty lab to a robot that trains.
const patience = { timeout: 45_000 }
const step = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`^(\\d )?${title}`) })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

test.setTimeout(180_000)

test('a Minitaur transfer is set up from an empty lab, refused while it is wrong, previewed, measured, and trains', async ({
  page,
}) => {
  await page.getByRole('link', { name: 'New transfer' }).click()

  await test.step('takes the environment, and sets aside what was for the one before', async () => {
    await field(page, 'Noise').fill('0.2')
    await page.getByLabel('Environment').selectOption('Minitaur')
    await expect(
      page.getByText('One value was for DrunkSpider alone and will be back with it.'),
    ).toBeVisible()
    await page.getByLabel('Environment').selectOption('DrunkSpider')
    await expect(field(page, 'Noise')).toHaveValue('0.2')
    await page.getByLabel('Environment').selectOption('Minitaur')
    for (const name of ['Goal velocity', 'Action scale', 'Episode length'])
      await expect(field(page, name)).toBeVisible()
    await expect(field(page, 'Action scale')).toHaveValue('0.5')
    await expect(page.getByText('m/s, −0.8 to 0.8')).toBeVisible()
  })

  await test.step('takes a target of the paper with a changed range, and refuses a wrong one in words', async () => {
    await page.getByRole('button', { name: 'Continue to target task' }).click()
    await page.getByRole('button', { name: /^Another body each time/ }).click()
    await expect(step(page, 'Target task')).toContainText('Another body each time')
    await expect(field(page, 'Foot friction, from')).toHaveValue('0.5')
    await field(page, 'Foot friction, to').fill('0.3')
    await expect(page.getByText('The lower end may not be above the upper one.')).toBeVisible()
    await field(page, 'Foot friction, to').fill('9')
    await expect(page.getByText('Upper end: At most 5.')).toBeVisible()
    await expect(field(page, 'Foot friction, to')).toHaveAttribute('aria-invalid', 'true')
    await expect(field(page, 'Foot friction, from')).toHaveAttribute('aria-invalid', 'false')
    await step(page, 'Review').click()
    await expect(page.getByRole('button', { name: /^Start/ })).toBeDisabled()
    await page.getByRole('button', { name: 'Go to target task' }).click()
    await field(page, 'Foot friction, to').fill('1.5')
    await expect(page.getByText('Upper end: At most 5.')).toBeHidden()
  })

  await test.step('shows the robot, what tells the tasks apart, and how they fit', async () => {
    const target = page.getByRole('img', { name: /^Target task from .*foot friction 0\.5 to 1\.5/ })
    await expect(target).toBeVisible()
    await expect(target).toHaveAttribute('data-state', /ready|flat/, patience)
    for (const subject of ['Observation', 'History', 'Normalisation', 'γ_safe'])
      await expect(page.getByRole('row', { name: new RegExp(`^${subject}`) })).toContainText('fits')
    await expect(page.getByRole('row', { name: /^Task/ })).toContainText('differs')
    await expectAccessible(page)
  })

  await test.step('is measured and started with a tiny budget', async () => {
    await page.getByRole('button', { name: 'Continue to methods and seeds' }).click()
    await page.getByRole('checkbox', { name: /^SQRL/ }).uncheck()
    await field(page, 'Seeds').fill('0')
    await step(page, 'Safety and settings').click()
    await page.getByPlaceholder('Name, symbol or help').fill('hidden')
    await page.getByRole('textbox', { name: /^Hidden sizes/ }).fill('8, 8')
    await step(page, 'Budget').click()
    await page.getByRole('textbox', { name: /^Pre-training steps/ }).fill('60')
    await page.getByRole('textbox', { name: /^Fine-tuning steps/ }).fill('30')
    await page.getByRole('button', { name: 'Measure how long it takes' }).click()
    await expect(page.getByTestId('dry-run-time')).toBeVisible(patience)
    await expect(page.getByRole('row', { name: /SAC Fine-tuning/ })).toContainText(/\d/)
    await page.getByRole('button', { name: 'Continue to review' }).click()
    await expect(page.getByText(/--target footFriction=0\.5,1\.5/)).toBeVisible()
    await page.getByRole('button', { name: 'Start 2 runs' }).click()
    await expect(page).toHaveURL(/\/runs$/)
    await expect(page.locator('#row-run-2')).toContainText('Finished', patience)
  })
})
