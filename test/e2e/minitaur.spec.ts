import { z } from 'zod'
import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { runLab } from './programs.ts'
import { expectScene } from './replays.ts'
import { followCause, letGo, pushAndBranch, savePictures, toggleOverlays } from './robots.ts'

// Where less of a tilt counts as a fall, legs that move at random make it fall soon.
test.use({
  startsTrained: true,
  transfer:
    'minitaur --methods sac --seeds 0 --pretrain-steps 400 --finetune-steps 20 --pretrain tiltLimit=0.12',
})

const failures = z.array(z.object({ id: z.int(), length: z.int(), cause: z.string() })).min(1)

test('a fallen Minitaur is shown with its forces and its cause, pushed, let go, saved and verified', async ({
  page,
  trainedLab,
}) => {
  const printed: unknown = JSON.parse(await runLab(['failures', '--run', '1', '--lab', trainedLab, '--json']))
  const [first] = failures.parse(printed).toSorted((one, other) => one.length - other.length)
  if (first === undefined) throw new Error('It never fell.')
  expect(first.cause).toMatch(/^(rolled to the|tipped|front) /)

  await page.goto(new URL(`/replay/${first.id}?frame=${Math.max(0, first.length - 3)}`, page.url()).href)
  await expectScene(page, 'ready')
  await expect(page.getByTestId('outcome')).toContainText(first.cause)
  for (const name of ['roll', 'pitch', 'speed'])
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()

  await toggleOverlays(page)
  await pushAndBranch(page)
  await letGo(page)
  await savePictures(page)
  await followCause(page, /It failed because (roll|pitch|swing)/)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByTestId('verification')).toContainText('came out again, bit by bit', {
    timeout: 60_000,
  })
})
