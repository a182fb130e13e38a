import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { runLab, serve } from './programs.ts'

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' })
const rows = (page: Page) => page.locator('[id^=row-run-]')

async function choose(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox').fill(typed)
  await page.keyboard.press('Enter')
}

test.use({ startsTrained: true })

test.describe('the frame', () => {
  test('does everything by the palette and by keys, and the keys are the user’s own', async ({ page }) => {
    await expect(rows(page).first()).toBeVisible()

    await test.step('the palette lists every action there is, with its keys', async () => {
      await page.keyboard.press('ControlOrMeta+k')
      await expect(palette(page)).toBeVisible()
      const listed = page.locator('[data-action]')
      const ids = await listed.evaluateAll((items) => items.map((item) => item.getAttribute('data-action')))
      expect(ids).toEqual(
        expect.arrayContaining(['go.runs', 'go.settings', 'keys.show', 'theme.dark', 'lab.backUp']),
      )
      await expect(page.locator('[data-action="go.settings"]')).toContainText('G then S')
      await expectAccessible(page)
      await page.keyboard.press('Escape')
      await expect(palette(page)).toBeHidden()
    })

    await test.step('it opens quickly', async () => {
      // As text: these tests are compiled without the names of a page.
      const millis = await page.evaluate<number>(`(async () => {
        const started = performance.now()
        document.querySelector('.title-bar .palette').click()
        while (document.querySelector('[role=option]') === null)
          await new Promise((resolve) => requestAnimationFrame(resolve))
        return performance.now() - started
      })()`)
      console.log(`The palette opened within ${Math.round(millis)} ms.`)
      // Idle it takes a few hundredths of a second; a machine that trains besides is many times slower.
      expect(millis).toBeLessThan(2000)
      await page.keyboard.press('Escape')
    })

    await test.step('it goes to a run, and an action changes the theme', async () => {
      await choose(page, 'run 2')
      await expect(page).toHaveURL(/\/runs\/2$/)
      await expect(page).toHaveTitle(/^Runs · /)
      await choose(page, 'theme dark')
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
      await choose(page, 'theme system')
    })

    await test.step('keys do nothing while one types', async () => {
      await page.keyboard.press('g')
      await page.keyboard.press('r')
      await expect(page).toHaveURL(/\/runs$/)
      await page.getByRole('searchbox').first().fill('gs?')
      await expect(page).toHaveURL(/\/runs/)
      await page.getByRole('searchbox').first().fill('')
    })

    await test.step('the cheat sheet lists the keys and finds them', async () => {
      await page.getByRole('link', { name: 'Runs', exact: true }).first().focus()
      await page.keyboard.press('?')
      const sheet = page.getByRole('dialog', { name: 'Keys' })
      await expect(sheet).toContainText('Command palette')
      await expectAccessible(page)
      await page.keyboard.type('settings')
      await expect(sheet).toContainText('Go to Settings')
      await expect(sheet).not.toContainText('Command palette')
      await page.keyboard.press('Escape')
    })

    await test.step('keys that are taken say by what, and move when told', async () => {
      await page.goto(new URL('/settings#keys', page.url()).href)
      await page.getByRole('button', { name: 'Change the keys of Theme: dark' }).click()
      await page.keyboard.press('g')
      await page.keyboard.press('s')
      const dialog = page.getByRole('dialog', { name: 'Theme: dark' })
      await expect(dialog.getByRole('status')).toContainText('already do: Go to Settings')
      await dialog.getByRole('button', { name: 'Use them here instead' }).click()
      await expect(page.locator('tr[data-action="go.settings"]')).toContainText('none')
      await page.reload()
      await expect(page.locator('tr[data-action="theme.dark"]')).toContainText('G then S')
      await page.keyboard.press('g')
      await page.keyboard.press('s')
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
      await page.getByRole('button', { name: 'All as at first' }).click()
      await expect(page.locator('tr[data-action="go.settings"]')).toContainText('G then S')
      await page.getByRole('switch', { name: 'Keys of a single character' }).click()
      await page.keyboard.press('g')
      await page.keyboard.press('r')
      await expect(page).toHaveURL(/\/settings/)
      await page.getByRole('switch', { name: 'Keys of a single character' }).click()
      await expectAccessible(page)
    })
  })

  test('stays usable when small or zoomed, with a way past the frame for the keyboard', async ({ page }) => {
    for (const size of [
      { width: 1024, height: 700 },
      // 1280 x 800 at 200 %.
      { width: 640, height: 400 },
    ]) {
      await page.setViewportSize(size)
      for (const view of ['/runs', '/settings']) {
        await page.goto(new URL(view, page.url()).href)
        await expect(page.getByRole('main')).toBeVisible()
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - window.innerWidth',
        )
        expect(overflow).toBeLessThanOrEqual(0)
      }
    }
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: 'Skip to the view' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('main')).toBeFocused()
  })
})

test.describe('files', () => {
  test('an experiment goes out as an archive, comes into another lab, and the lab is backed up', async ({
    app,
    page,
  }) => {
    test.skip(app.served === null, 'Under Electron the system’s own dialogs ask for files.')
    const folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-files-'))
    const archive = path.join(folder, 'short.sqrlx')
    await expect(rows(page).first()).toBeVisible()

    await test.step('exported, with the checksums of its parts', async () => {
      await choose(page, 'export an experiment')
      const downloading = page.waitForEvent('download')
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Short transfer/ })
        .click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe('Short transfer.sqrlx')
      await download.saveAs(archive)
      await expect(page.getByText('was written and read back.')).toBeVisible()
    })

    await test.step('not taken twice by its own lab', async () => {
      await page.getByTestId('archive-file').setInputFiles(archive)
      await expect(page.getByText('This lab has “Short transfer” already')).toBeVisible()
    })

    await test.step('taken by another lab, with all its runs', async () => {
      const lab = path.join(folder, 'another')
      const another = await serve(lab)
      await page.goto(another.url)
      await expect(page.getByRole('button', { name: /Try it/ })).toBeVisible()
      await page.getByTestId('archive-file').setInputFiles(archive)
      await expect(page.getByText('“Short transfer” was imported.')).toBeVisible()
      await expect(rows(page)).toHaveCount(4)
      await another.stop()
      const runs: unknown[] = JSON.parse(await runLab(['runs', '--lab', lab, '--json']))
      expect(runs).toHaveLength(4)
    })

    await test.step('and the whole lab as a backup that is a database', async () => {
      await page.goto(app.served?.url ?? '')
      await expect(rows(page).first()).toBeVisible()
      const downloading = page.waitForEvent('download')
      await choose(page, 'back up')
      const file = path.join(folder, 'backup.sqlite')
      await (await downloading).saveAs(file)
      expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3')
      await runLab(['restore', file, '--lab', path.join(folder, 'restored')])
      const runs: unknown[] = JSON.parse(
        await runLab(['runs', '--lab', path.join(folder, 'restored'), '--json']),
      )
      expect(runs).toHaveLength(4)
    })
    await rm(folder, { recursive: true, force: true })
  })
})

test.describe('the connection', () => {
  test('two windows stay in step, and both live through a lab that is started again', async ({
    app,
    page,
    labFolder,
  }) => {
    test.skip(app.served === null, 'Under Electron the lab and its windows leave together.')
    await expect(rows(page)).toHaveCount(4)
    const second = await page.context().newPage()
    await second.goto(page.url())
    await expect(rows(second)).toHaveCount(4)

    await test.step('what one does the other shows', async () => {
      await page.goto(new URL('/runs/1', page.url()).href)
      await page.getByRole('button', { name: 'Extend' }).click()
      await page.getByRole('textbox', { name: /Train it for/ }).fill('200000')
      await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
      await expect(second.locator('#row-run-1')).toContainText(/Training|Waiting/, { timeout: 60_000 })
    })

    await test.step('a reload in the middle of it changes nothing', async () => {
      await page.reload()
      await expect(page.getByTestId('run-state')).toHaveText(/Training|Waiting/)
    })

    await test.step('the lab ends and comes back', async () => {
      const port = Number(new URL(page.url()).port)
      await app.served?.stop()
      await expect(page.getByText('Reconnecting to the lab…')).toBeVisible()
      await expect(second.getByText('Reconnecting to the lab…')).toBeVisible()
      const again = await serve(labFolder, port)
      // A new server has a new token, which one of the windows is given; the cookie then serves both.
      await page.goto(again.url)
      await expect(second.locator('#row-run-1')).toContainText('Interrupted', { timeout: 30_000 })
      await expect(second.getByText('Reconnecting to the lab…')).toBeHidden({ timeout: 30_000 })
      await again.stop()
    })
  })
})
