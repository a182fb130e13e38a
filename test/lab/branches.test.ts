import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { MaskedPolicy } from '../../src-main/algorithms/masked-policy.ts'
import {
  type BranchRequest,
  branchRequest,
  type Failure,
  type PackableArray,
  type Simulated,
  unpackArrays,
} from '../../src-main/contract/index.ts'
import { environmentOf } from '../../src-main/lab/checkpoint-agents.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { RANDOM_STATE_SIZE } from '../../src-main/random.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { type Trained, trainBriefly } from './trained.ts'
import { openTrainedLab } from './trained-lab.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab
let sqrl: Trained
let longFailure: Failure

beforeAll(async () => {
  folder = temporaryFolder()
  sqrl = await trainBriefly('sqrl', 400)
  lab = await openTrainedLab(folder.path, [sqrl, await trainBriefly('sac', 150)])
  const failures = lab.failures.list({ runId: 1 }).failures
  longFailure = failures.reduce((longest, failure) => (failure.length > longest.length ? failure : longest))
})
afterAll(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

async function branch(changes: Partial<BranchRequest> = {}): Promise<Simulated[]> {
  const simulated: Simulated[] = []
  const request = branchRequest.parse({
    episodeId: longFailure.id,
    frame: 0,
    checkpointId: 2,
    masked: false,
    seeds: [0, 1, 2, 3, 4, 5],
    ...changes,
  })
  for await (const progress of lab.replays.branch(request)) simulated.push(progress.simulated)
  return simulated
}

const arraysOf = ({ arrays }: { arrays: Uint8Array<ArrayBuffer> }): Record<string, PackableArray> =>
  unpackArrays(arrays)

/** The generator's part of each state: which noise the environment saw. */
function noiseOf(simulated: { arrays: Uint8Array<ArrayBuffer> }): number[][] {
  const stateSize = 3 + RANDOM_STATE_SIZE
  const states = [...(arraysOf(simulated).states ?? [])]
  return Array.from({ length: states.length / stateSize }, (_, frame) =>
    states.slice((frame + 1) * stateSize - RANDOM_STATE_SIZE, (frame + 1) * stateSize),
  )
}

const common = <T>(a: readonly T[], b: readonly T[]): [T[], T[]] => {
  const length = Math.min(a.length, b.length)
  return [a.slice(0, length), b.slice(0, length)]
}

describe('replays.branch()', () => {
  it('gives the same bytes for the same request, whatever else is asked beside it', async () => {
    const asked = { masked: true, frame: 1 }
    const [first, other, second] = await Promise.all([
      branch(asked),
      branch({ masked: false }),
      branch(asked),
    ])
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
    expect((await branch({ ...asked, seeds: [3] }))[0]).toEqual(first[3])
  })

  it('begins at the recorded state and goes on to an end of its own', async () => {
    const recorded = arraysOf(await lab.replays.get({ episodeId: longFailure.id }))
    const { stateSize } = await environmentOf(sqrl.specification.task)
    for (const frame of [0, 1, 2]) {
      const [simulated] = await branch({ frame, noise: 'recorded', seeds: [0] })
      const { states, rewards } = simulated ? arraysOf(simulated) : {}
      expect(states?.slice(0, stateSize)).toEqual(
        recorded.states?.slice(frame * stateSize, (frame + 1) * stateSize),
      )
      expect(rewards).toHaveLength(simulated?.length ?? 0)
      expect([...(rewards ?? [])].reduce((sum, reward) => sum + reward, 0)).toBe(simulated?.return)
    }
  })

  it('shares the environment’s noise between conditions and not between seeds', async () => {
    const [free, masked] = [await branch({ masked: false }), await branch({ masked: true, epsilonSafe: 0 })]
    for (const [index, simulated] of free.entries()) {
      const other = masked[index]
      if (!other) throw new Error('A branch is missing.')
      const [a, b] = common(noiseOf(simulated), noiseOf(other))
      expect(a).toEqual(b)
    }
    expect(new Set(free.map((simulated) => String(noiseOf(simulated)[0]))).size).toBe(free.length)
  })

  it('goes on with the recorded noise when asked to', async () => {
    const recorded = noiseOf(await lab.replays.get({ episodeId: longFailure.id }))
    for (const simulated of await branch({ noise: 'recorded', frame: 1, seeds: [0, 1] })) {
      const [a, b] = common(noiseOf(simulated), recorded.slice(1))
      expect(a.length).toBeGreaterThan(1)
      expect(a).toEqual(b)
    }
  })

  it('takes the same actions without a mask as with one that drops nothing, and others with one that does', async () => {
    const [free, open, closed] = [
      await branch({ masked: false }),
      await branch({ masked: true, epsilonSafe: 1 }),
      await branch({ masked: true, epsilonSafe: 0 }),
    ]
    const actions = (all: Simulated[]) => all.map((simulated) => arraysOf(simulated).actions)
    expect(actions(open)).toEqual(actions(free))
    expect(actions(closed)).not.toEqual(actions(free))
    for (const simulated of open) {
      const { candidates, candidateQSafe, chosen, qSafe } = arraysOf(simulated)
      expect(candidates).toHaveLength(simulated.length * 50 * 2)
      expect(candidateQSafe?.[chosen?.[0] ?? 0]).toBe(qSafe?.[0])
    }
    expect(free.every((simulated) => arraysOf(simulated).candidates?.length === 0)).toBe(true)
  })

  it('begins at every frame, the last of which has only its end left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: longFailure.length }),
        fc.boolean(),
        fc.constantFrom('seeded' as const, 'recorded' as const),
        async (frame, masked, noise) => {
          const all = await branch({ frame, masked, noise, seeds: [0, 1] })
          expect(all).toHaveLength(2)
          for (const { length } of all) expect(length > 0).toBe(frame < longFailure.length)
        },
      ),
      { numRuns: 12 },
    )
    const [end] = await branch({ frame: longFailure.length, seeds: [0] })
    expect(end).toMatchObject({ outcome: 'failure', cause: longFailure.cause, length: 0, return: 0 })
  })

  it('stops its work when the caller leaves', async () => {
    const decide = vi.spyOn(MaskedPolicy.prototype, 'decide')
    const seeds = Array.from({ length: 1000 }, (_, seed) => seed)
    const request = { episodeId: longFailure.id, frame: 0, checkpointId: 2, masked: true, seeds }
    const stream = lab.replays.branch(branchRequest.parse(request))
    await stream.next()
    const waiting = stream.next()
    await stream.return()
    await waiting
    const calls = decide.mock.calls.length
    expect(calls).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(decide.mock.calls.length).toBe(calls)
    decide.mockRestore()
  })

  it('lets others work between any two steps', async () => {
    let turns = 0
    let going = true
    const count = () => {
      turns++
      if (going) setImmediate(count)
    }
    count()
    const steps = (await branch({ masked: true })).reduce((sum, { length }) => sum + length, 0)
    going = false
    expect(turns).toBeGreaterThanOrEqual(steps)
  })

  it('refuses what is not there in sentences', async () => {
    const beyond = longFailure.length + 1
    await expect(branch({ frame: beyond })).rejects.toThrow(
      `a branch begins at one from 0 to ${longFailure.length}, not at ${beyond}.`,
    )
    await expect(branch({ checkpointId: 99 })).rejects.toThrow('There is no checkpoint 99.')
    await expect(branch({ episodeId: 9999 })).rejects.toThrow('There is no episode 9999.')
    await expect(branch({ push: [1, 0, 0] })).rejects.toThrow('Nothing can be pushed in drunk-spider.')
    await expect(branch({ checkpointId: 4, masked: true })).rejects.toThrow('no safety critic and so no mask')
  })
})
