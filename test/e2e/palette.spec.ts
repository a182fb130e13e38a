import type { Page } from '@playwright/test'
import { type KnownAction, knownActions } from '../../src-renderer/actions/catalog.ts'
import { keysAsText } from '../../src-renderer/actions/keys.ts'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })

const listed = knownActions.filter(({ id }) => id !== 'palette.open')
const option = (page: Page, id: string) => page.locator(`[data-action="${id}"][role=option]`)
const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href)

async function openPalette(page: Page): Promise<void> {
  // A page that was just loaded hears keys once its frame stands.
  await expect(page.getByRole('button', { name: /^Search or do something/ })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
}

async function choose(page: Page, id: string): Promise<void> {
  await openPalette(page)
  await option(page, id).click()
}

/** The text that the palette shows of an action is its title with its first keys. */
const firstKeys = ({ keys }: KnownAction) => (keys?.[0] === undefined ? '' : keysAsText(keys[0]))

test('the palette lists every action of every view once, with its keys, and does it from any other', async ({
  page,
}) => {
  const rows = page.locator('[id^=row-run-]')
  await expect(rows).toHaveCount(4)

  for (const view of ['/runs', '/settings', '/compare'])
    await test.step(`from ${view} it lists all ${listed.length}`, async () => {
      await open(page, view)
      await openPalette(page)
      const entries = page.locator('[role=option][data-action]')
      await expect(entries).toHaveCount(listed.length)
      const ids = await entries.evaluateAll((items) => items.map((item) => item.getAttribute('data-action')))
      expect(ids.toSorted()).toEqual(listed.map(({ id }) => id).toSorted())
      const texts = await entries.evaluateAll((items) =>
        items.map((item) => [item.getAttribute('data-action') ?? '', item.textContent ?? '']),
      )
      const textOf = new Map(texts.map(([id = '', text = '']) => [id, text.replaceAll(/\s/g, '')]))
      for (const action of listed) {
        expect(textOf.get(action.id)).toContain(action.title.replaceAll(/\s/g, ''))
        expect(textOf.get(action.id)).toContain(firstKeys(action).replaceAll(/\s/g, ''))
      }
      await page.keyboard.press('Escape')
    })

  await test.step('what needs a thing says what to choose first, at the place where it is chosen', async () => {
    await open(page, '/settings')
    await choose(page, 'run.showLog')
    await expect(page).toHaveURL(/\/runs$/)
    await expect(page.getByText('Read its log: Choose a run first')).toBeVisible()
    await choose(page, 'experiment.rename')
    await expect(page).toHaveURL(/\/experiments$/)
    await expect(page.getByText('Choose an experiment first')).toBeVisible()
    await choose(page, 'runs.delete')
    await expect(page).toHaveURL(/\/runs$/)
    await expect(page.getByText('Choose runs in the table first')).toBeVisible()
    await expect(rows).toHaveCount(4)
  })

  await test.step('a replay’s actions open the failure that happened last, or the one that was chosen', async () => {
    await choose(page, 'replay.last')
    await expect(page).toHaveURL(/\/replay\/\d+/)
    const frame = page.getByRole('textbox', { name: 'Frame', exact: true })
    await expect(frame).not.toHaveValue('0')
    const replay = page.url()
    await open(page, '/experiments')
    await choose(page, 'replay.critic')
    await expect(page).toHaveURL(({ pathname }) => pathname === new URL(replay).pathname)
    await expect(page.getByRole('tab', { name: 'Critic', selected: true })).toBeVisible()
    await choose(page, 'replay.mark')
    await expect(page.getByRole('textbox', { name: /Name of the mark/ })).toBeFocused()
    await open(page, '/settings')
    await choose(page, 'replay.export')
    await expect(page.getByRole('dialog', { name: /Export/ })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('the run and the experiment are those one had to do with last', async () => {
    await open(page, '/runs/2')
    await expect(page.getByTestId('run-state')).toBeVisible()
    await open(page, '/experiments/1')
    await expect(page.getByRole('heading', { name: 'Short transfer' })).toBeVisible()
    await open(page, '/compare')
    await choose(page, 'run.showLog')
    await expect(page).toHaveURL(/\/runs\/2\?tab=log/)
    await choose(page, 'experiment.rename')
    await expect(page).toHaveURL(/\/experiments\/1/)
    await expect(page.getByRole('textbox', { name: 'Name of the experiment' })).toBeFocused()
    await page.keyboard.press('Escape')
    await open(page, '/settings')
    await choose(page, 'run.extend')
    await expect(page).toHaveURL(/\/runs\/2/)
    await expect(page.getByRole('textbox', { name: /Train it for/ })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('views without a thing open as they are', async () => {
    await open(page, '/settings')
    await choose(page, 'runs.filter')
    await expect(page).toHaveURL(/\/runs$/)
    await expect(page.getByRole('searchbox', { name: 'Filter runs' })).toBeFocused()
    await choose(page, 'experiments.filter')
    await expect(page.getByRole('searchbox', { name: 'Filter experiments' })).toBeFocused()
    await choose(page, 'failures.search')
    await expect(page).toHaveURL(/\/failures/)
    await expect(page.getByRole('searchbox', { name: /cause/i })).toBeFocused()
    await choose(page, 'compare.statistics')
    await expect(page).toHaveURL(/\/compare\?show=statistics/)
    await choose(page, 'settings.keys')
    await expect(page).toHaveURL(/\/settings#keys/)
    await choose(page, 'transfer.step.budget')
    await expect(page).toHaveURL(/\/transfer/)
    await expect(page.getByRole('button', { name: 'Continue to review' })).toBeVisible()
    await open(page, '/runs')
    await choose(page, 'transfer.start')
    await expect(page.getByText('started from its last step, the review')).toBeVisible()
    await open(page, '/failures')
    await choose(page, 'failures.open')
    await expect(page.getByText('Choose a failure first')).toBeVisible()
  })

  await test.step('what is typed finds those of other views below those at hand', async () => {
    await open(page, '/runs')
    await openPalette(page)
    await page.getByRole('combobox').fill('next failure')
    const found = page.getByRole('group', { name: 'Actions of other views' })
    await expect(found.getByRole('option').first()).toContainText('Next failure')
    await page.keyboard.press('Escape')
  })
})
