import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import {
  type Failure,
  type FailureNeighbours,
  type FailureOrder,
  type FailurePaths,
  type FailureScope,
  type FailureSummary,
  failureFilter,
} from '../contract/failures.ts'
import { packArrays } from '../contract/packed-arrays.ts'
import { POSE_SIZE } from '../contract/scenes.ts'
import { environmentOf } from './checkpoint-agents.ts'
import { breather } from './comparisons/breath.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { motionsOf } from './simulation.ts'

/** Ways drawn before others get their turn: a few milliseconds. */
const PATHS_PER_TURN = 20

/** Newer failures that kept no frames, at most so many, do not hide an older one that did. */
const mostLooked = 50

export function failureCases({
  store,
  changedRuns,
  closing,
}: Pick<LabContext, 'store' | 'changedRuns' | 'closing'>) {
  const check = ({ runId, experimentId }: FailureScope): void => {
    if (runId !== undefined && store.runs.get(runId) === null)
      throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
    if (experimentId !== undefined && store.experiments.get(experimentId) === null)
      throw new LabError('NOT_FOUND', `There is no experiment ${experimentId}.`)
  }

  /** Where the main body was in each state, seen from above; null without frames. */
  const pathOf = async (id: number, environments: Map<number, ReturnType<typeof environmentOf>>) => {
    const failure = store.failures.get(id)
    const run = failure && store.runs.get(failure.runId)
    const frames = run && store.frames.get(id)
    if (!frames) return new Float32Array(0)
    const opening = environments.get(run.id) ?? environmentOf(run.specification.task)
    environments.set(run.id, opening)
    const environment = await opening
    const { bodies, mainBody } = environment.scene
    const moving = bodies.filter(({ massKilograms }) => massKilograms !== null)
    const index = moving.findIndex(({ name }) => name === mainBody)
    // Where not every state was kept, the way is drawn through those that were.
    const { poses } = motionsOf(environment, frames.keptStates)
    const stride = moving.length * POSE_SIZE
    return Float32Array.from({ length: (2 * poses.length) / stride }, (_, i) => {
      const at = Math.floor(i / 2) * stride + index * POSE_SIZE
      return poses[at + (i % 2)] ?? Number.NaN
    })
  }

  return {
    /** Evaluation episodes included, their kind says so. */
    list(filter: z.input<typeof failureFilter>): { total: number; failures: Failure[] } {
      check(filter)
      const parsed = failureFilter.parse(filter)
      return { total: store.failures.count(parsed), failures: store.failures.list(parsed) }
    },
    get(id: number): Failure {
      const failure = store.failures.get(id)
      if (failure === null) throw new LabError('NOT_FOUND', `There is no failure episode ${id}.`)
      return failure
    },
    summarize(scope: FailureScope): Promise<FailureSummary> {
      check(scope)
      return store.failures.summarize(scope, breather())
    },
    watchNewest(runId: number, signal?: AbortSignal): AsyncGenerator<Failure, void, undefined> {
      check({ runId })
      const order = failureFilter.parse({ runId, sort: 'run', descending: true, limit: mostLooked })
      const newest = () => store.failures.list(order).find(({ hasFrames }) => hasFrames)
      return watching([signal, closing], async function* (ended) {
        using changes = changedRuns.collect((changed) => changed === runId)
        let last = newest()
        if (last) yield last
        for await (const _ of changes.batches(ended)) {
          const now = newest()
          if (now === undefined || now.id === last?.id) continue
          last = now
          yield now
        }
      })
    },
    neighbours(id: number, order: FailureOrder): FailureNeighbours {
      check(order)
      return store.failures.neighbours(id, order)
    },
    async paths(ids: readonly number[]): Promise<FailurePaths> {
      const environments = new Map<number, ReturnType<typeof environmentOf>>()
      const paths: Float32Array[] = []
      for (const [index, id] of ids.entries()) {
        paths.push(await pathOf(id, environments))
        if (index % PATHS_PER_TURN === PATHS_PER_TURN - 1) await turn()
      }
      const offsets = new Int32Array(ids.length + 1)
      for (const [index, path] of paths.entries())
        offsets[index + 1] = (offsets[index] ?? 0) + path.length / 2
      const points = new Float32Array(2 * (offsets.at(-1) ?? 0))
      for (const [index, path] of paths.entries()) points.set(path, 2 * (offsets[index] ?? 0))
      return { arrays: packArrays({ offsets, points }) }
    },
  }
}
