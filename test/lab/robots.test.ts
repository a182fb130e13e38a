import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type BranchRequest,
  branchRequest,
  type Failure,
  type Simulated,
} from '../../src-main/contract/index.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { trainBriefly } from './trained.ts'
import { openTrainedLab } from './trained-lab.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Steps at random in which each falls, or drops its cube, ten times and more. */
const trained = [
  // With room for less of a tilt, as legs that move at random are slow to make it fall.
  { environment: 'minitaur', parameters: { tiltLimit: 0.12 }, steps: 1300, push: [0, 12, 0] },
  { environment: 'cube-rotate', parameters: {}, steps: 1400, push: [0.02, 0, 0.05] },
] as const

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab

beforeAll(async () => {
  folder = temporaryFolder()
  const runs = trained.map(({ environment, steps, parameters }) =>
    trainBriefly('sac', steps, environment, {
      parameters,
      settings: { 'sac.randomSteps': steps, 'sac.learningStarts': steps },
    }),
  )
  lab = await openTrainedLab(folder.path, await Promise.all(runs))
})
afterAll(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

describe.each(trained.map((one, index) => ({ ...one, runId: index + 1 })))(
  'the $environment',
  ({ runId, push }) => {
    let failures: Failure[]
    let longest: Failure
    beforeAll(() => {
      failures = lab.failures.list({ runId }).failures
      longest = failures.reduce((long, failure) => (failure.length > long.length ? failure : long))
    })

    async function branch(changes: Partial<BranchRequest>): Promise<Simulated[]> {
      const asked = { episodeId: longest.id, frame: 5, checkpointId: 2 * runId, masked: false, seeds: [0] }
      const simulated: Simulated[] = []
      for await (const progress of lab.replays.branch(branchRequest.parse({ ...asked, ...changes })))
        simulated.push(progress.simulated)
      return simulated
    }

    it('fails in files of which ten come out again by re-simulation, bit by bit', async () => {
      expect(failures.length).toBeGreaterThanOrEqual(10)
      for (const { id, length } of failures.slice(0, 10))
        expect(await lab.replays.verify({ episodeId: id })).toMatchObject({ frames: length, verified: true })
    })

    it('moves alike under the same push and the same seed, and under no push as if none were asked for', async () => {
      const [pushed, again, nothing, without] = [
        await branch({ push: [...push] }),
        await branch({ push: [...push] }),
        await branch({ push: [0, 0, 0] }),
        await branch({}),
      ]
      expect(again).toEqual(pushed)
      expect(nothing).toEqual(without)
      expect(pushed).not.toEqual(without)
    })

    it('refuses a push that is harder than it takes', async () => {
      await expect(branch({ push: [0, 0, 1e3] })).rejects.toThrow(
        /^A push of 1000 N s is more than .* takes; give at most/,
      )
    })
  },
)
