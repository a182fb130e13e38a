import type { Page } from '@playwright/test'
import { z } from 'zod'
import { expect, test } from './fixtures.ts'

test.use({ startsTrained: true })
test.setTimeout(600_000)

const reason = 'The disk cannot be read.'
const call = z.object({ i: z.union([z.string(), z.number()]), p: z.object({ u: z.string() }) })

/** The lab refuses these calls, such as `/failures/list`; all others go through. */
const refused = new Set<string>()

async function standBetween(page: Page): Promise<void> {
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const lab = socket.connectToServer()
    lab.onMessage((message) => socket.send(message))
    socket.onMessage((message) => {
      const asked = typeof message === 'string' ? call.safeParse(JSON.parse(message)).data : undefined
      if (asked === undefined || !refused.has(asked.p.u)) return lab.send(message)
      const body = { json: { defined: false, code: 'INTERNAL_SERVER_ERROR', status: 500, message: reason } }
      socket.send(JSON.stringify({ i: asked.i, p: { s: 500, b: body } }))
    })
  })
}

/** The view says what could not be read, and does not go on as if it still came. */
async function expectSaid(page: Page, address: string, calls: string[], text: string | RegExp) {
  await test.step(`${address} without ${calls.join(' and ')}`, async () => {
    refused.clear()
    for (const path of calls) refused.add(path)
    await page.goto(new URL(address, page.url()).href)
    await expect(page.getByText(text).first()).toBeVisible()
    await expect(page.getByRole('main').getByText(/^(Reading|Working|Counting) .*…$/)).toHaveCount(0)
    refused.clear()
  })
}

test('every view says what could not be read', async ({ app, page }) => {
  test.skip(app.served === null, 'Under Electron no socket can be stood between.')
  await standBetween(page)
  const lab = `The lab could not be read: ${reason}`
  await expectSaid(page, '/runs', ['/runs/watch'], lab)
  await expectSaid(page, '/runs/1', ['/runs/watch'], lab)
  await expectSaid(page, '/runs/1', ['/episodes/list'], `The run’s data could not be read: ${reason}`)
  await expectSaid(page, '/experiments', ['/runs/watch'], lab)
  await expectSaid(page, '/experiments/1', ['/runs/watch'], lab)
  await expectSaid(
    page,
    '/experiments/1',
    ['/experiments/compare'],
    `The result could not be worked out: ${reason}`,
  )
  await expectSaid(page, '/failures', ['/failures/list'], `The failures could not be read: ${reason}`)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.locator('a[href*="/replay/"]').first()).toBeVisible()
  await expectSaid(page, '/replay/1', ['/replays/get'], 'This episode cannot be replayed')
  for (const [part, path] of [
    ['curves', 'curves'],
    ['statistics', 'statistics'],
    ['settings', 'differences'],
  ])
    await expectSaid(page, `/compare?experiments=1&show=${part}`, [`/comparisons/${path}`], reason)
  await expectSaid(page, '/transfer', ['/transfers/plan'], reason)
  await expectSaid(page, '/settings', ['/lab/facts'], reason)
})
