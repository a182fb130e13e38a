import { z } from 'zod'
import { packArrays } from '../contract/packed-arrays.ts'
import type { Field, FieldRequest, Judgement, JudgementRequest } from '../contract/replays.ts'
import type { FloorRegion } from '../contract/scenes.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { createStreams, streamRounds } from '../random.ts'
import { environmentOf } from './checkpoint-agents.ts'
import { LabError } from './errors.ts'
import type { ReplayParts } from './replays.ts'
import { stateAt } from './simulation.ts'

const maskSettings = z.object({ sqrl: z.object({ epsilonSafe: z.number() }) })

/** What a checkpoint makes of states: those of an episode, or all places of a map. */
export function judgementCases({ agents, opener }: Omit<ReplayParts, 'context'>) {
  return {
    async judge(request: JudgementRequest): Promise<Judgement> {
      const { checkpointId, candidates, seed } = request
      const { task, frames } = await opener.open(request)
      const { states, actions, rewards } = frames
      using lease = await agents.acquire({ ...agents.situation(checkpointId), task })
      const environment = await environmentOf(task)
      const { actionSize, stateSize } = environment
      const random = createStreams(seed, streamRounds.judgement).candidates
      const length = rewards.length
      const judged = {
        qSafe: new Float32Array(length),
        candidates: new Float32Array(length * candidates * actionSize),
        candidateQSafe: new Float32Array(length * candidates),
      }
      for (let frame = 0; frame < length; frame++) {
        environment.restore(stateAt(states, frame, stateSize))
        const observation = environment.observe()
        const action = actions.subarray(frame * actionSize, (frame + 1) * actionSize)
        judged.qSafe[frame] = await lease.agent.judge(observation, action)
        const drawn = await lease.agent.draw(observation, random, candidates)
        judged.candidates.set(drawn.actions, frame * candidates * actionSize)
        judged.candidateQSafe.set(drawn.qSafe, frame * candidates)
      }
      return { arrays: packArrays(judged) }
    },

    /** @throws LabError where the states are more than a place, or the run has no safety critic. */
    async field({ checkpointId, taskOfRunId, columns, rows }: FieldRequest): Promise<Field> {
      const situation = agents.situation(checkpointId, taskOfRunId)
      const { checkpoint, run, task } = situation
      const environment = await environmentOf(task)
      const region = environment.scene.field
      if (!region)
        throw new LabError(
          'INVALID',
          `A state of ${task.environment} is more than a place, so Q_safe has no map there.`,
        )
      const settings = maskSettings.safeParse(run.specification.settings)
      if (!settings.success)
        throw new LabError(
          'INVALID',
          `Run ${run.id} has no safety critic, so there is no Q_safe. Choose a run of sqrl.`,
        )
      using lease = await agents.acquire(situation)
      const { cells, observations } = observePlaces(environment, region, columns, rows)
      const judged = await lease.agent.judgeLikelyActions(observations)
      const { actionSize } = environment
      const qSafe = new Float32Array(rows * columns).fill(Number.NaN)
      const actions = new Float32Array(rows * columns * actionSize).fill(Number.NaN)
      for (const [index, cell] of cells.entries()) {
        qSafe[cell] = judged.qSafe[index] ?? Number.NaN
        actions.set(judged.actions.subarray(index * actionSize, (index + 1) * actionSize), cell * actionSize)
      }
      return {
        columns,
        rows,
        epsilonSafe: settings.data.sqrl.epsilonSafe,
        step: checkpoint.step,
        arrays: packArrays({ qSafe, actions }),
      }
    },
  }
}

/** What is observed in the middle of each cell in which something can stand; `cells` says which. */
function observePlaces(environment: VisibleEnvironment, region: FloorRegion, columns: number, rows: number) {
  const [left, bottom] = region.low
  const width = (region.high[0] - left) / columns
  const height = (region.high[1] - bottom) / rows
  const cells: number[] = []
  const { observationSize } = environment
  const observations = new Float32Array(rows * columns * observationSize)
  for (let cell = 0; cell < rows * columns; cell++) {
    const x = left + ((cell % columns) + 0.5) * width
    const y = bottom + (Math.floor(cell / columns) + 0.5) * height
    const state = environment.stateAt(x, y)
    if (!state) continue
    environment.restore(state)
    observations.set(environment.observe(), cells.length * observationSize)
    cells.push(cell)
  }
  return { cells, observations: observations.subarray(0, cells.length * observationSize) }
}
