import { z } from 'zod'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { runLab } from './programs.ts'
import { expectScene, scene } from './replays.ts'
import { followCause, letGo, pushAndBranch, savePictures, toggleOverlays } from './robots.ts'

// A hand that moves at random drops the cube in every other episode of 10 s.
test.use({
  startsTrained: true,
  transfer: 'cube-rotate --methods sac --seeds 0 --pretrain-steps 400 --finetune-steps 20',
})

const failures = z.array(z.object({ id: z.int(), length: z.int(), cause: z.string() })).min(1)

test('a dropped cube is shown with its hand, its forces and its cause, pushed, let go, saved and verified', async ({
  page,
  trainedLab,
}) => {
  const printed: unknown = JSON.parse(await runLab(['failures', '--run', '1', '--lab', trainedLab, '--json']))
  const [first] = failures.parse(printed).toSorted((one, other) => one.length - other.length)
  if (first === undefined) throw new Error('Nothing was dropped.')
  expect(first.cause).toMatch(/^dropped (past|over) the /)

  await page.goto(new URL(`/replay/${first.id}?frame=${Math.max(0, first.length - 3)}`, page.url()).href)
  await expectScene(page, 'ready')
  await expect(page.getByTestId('outcome')).toContainText(first.cause)
  for (const name of ['orientation error', 'height', 'thumb', 'little finger'])
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()

  await toggleOverlays(page)
  await pushAndBranch(page)
  await letGo(page)
  await savePictures(page)
  await followCause(page, /height of the cube came to [−\d.]+ m, below 0\.14 m/)
  await expectAccessible(page)
  await expect(scene(page)).toHaveAttribute(
    'aria-label',
    new RegExp(`Frame ${first.length} of ${first.length}\\.`),
  )
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByTestId('verification')).toContainText('came out again, bit by bit', {
    timeout: 60_000,
  })
})
