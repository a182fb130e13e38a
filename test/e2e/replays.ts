import type { Page } from '@playwright/test'
import { z } from 'zod'
import { expect } from './fixtures.ts'
import { runLab } from './programs.ts'

const failures = z.array(z.object({ id: z.int(), length: z.int() }))

export const scene = (page: Page) => page.getByTestId('scene')
export const frame = (page: Page) => page.getByRole('textbox', { name: 'Frame', exact: true })
export const timeline = (page: Page) => page.getByRole('slider', { name: 'Timeline' })

/** The failure of a run that was longest on its way. The lab that was trained is open nowhere: each test has a copy. */
export async function failureOf(lab: string, runId: number): Promise<number> {
  const printed: unknown = JSON.parse(
    await runLab(['failures', '--run', String(runId), '--lab', lab, '--json']),
  )
  const [longest] = failures.parse(printed).toSorted((one, other) => other.length - one.length)
  if (longest === undefined) throw new Error(`Run ${runId} has no failure.`)
  return longest.id
}

/** A busy machine without a graphics card takes its time. */
export async function expectScene(page: Page, state: 'ready' | 'flat'): Promise<void> {
  await expect(scene(page)).toHaveAttribute('data-state', state, { timeout: 60_000 })
}

/** @param state how the scene is drawn in the end. */
export async function openFailure(
  page: Page,
  lab: string,
  query = '',
  state: 'ready' | 'flat' = 'ready',
): Promise<number> {
  const episodeId = await failureOf(lab, 1)
  await page.goto(new URL(`/replay/${episodeId}${query}`, page.url()).href)
  await expectScene(page, state)
  return episodeId
}
