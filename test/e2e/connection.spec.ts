import { expect, test } from './fixtures.ts'
import { serve } from './programs.ts'

test('says that the lab is gone, and what to do when another one has taken its place', async ({
  app,
  page,
  labFolder,
}) => {
  test.skip(app.served === null, 'Under Electron the lab and its window leave together.')
  const url = new URL(page.url())
  await expect(page.getByRole('button', { name: /Try it/ })).toBeVisible()
  await app.served?.stop()
  await expect(page.getByText('Reconnecting to the lab…')).toBeVisible()

  const another = await serve(labFolder, Number(url.port))
  await expect(page.getByText('The lab was started anew and does not know this window.')).toBeVisible({
    timeout: 20_000,
  })
  await page.goto(another.url)
  await expect(page.getByRole('button', { name: /Try it/ })).toBeVisible()
  await another.stop()
})
