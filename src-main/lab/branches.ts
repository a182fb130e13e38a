import type { Outcome } from '../contract/episodes.ts'
import type { BranchRequest, Simulated, SimulationProgress } from '../contract/replays.ts'
import type { Vector } from '../contract/scenes.ts'
import type { Task } from '../contract/transfer.ts'
import { streamRounds } from '../random.ts'
import { environmentOf, type Situation } from './checkpoint-agents.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { packReplay } from './replay-arrays.ts'
import type { ReplayParts } from './replays.ts'
import { type SimulationPlan, simulateSeeds } from './simulated-episodes.ts'
import { motionsOf, stateAt } from './simulation.ts'

type Progress = AsyncGenerator<SimulationProgress, void, undefined>

/** What would have come of an episode from one of its frames on. */
export function branchCases({ context: { closing }, agents, opener }: ReplayParts) {
  async function* branch(
    request: BranchRequest,
    actor: Omit<Situation, 'task'>,
    signal: AbortSignal,
  ): Progress {
    const { frame, noise, seeds, push } = request
    const { title, task, episode, frames } = await opener.open(request)
    const length = frames.rewards.length
    if (frame > length)
      throw new LabError(
        'INVALID',
        `${title} has ${length} frames; a branch begins at one from 0 to ${length}, not at ${frame}.`,
      )
    if (push !== undefined) await checkPush(task, push)
    const stateSize = frames.states.length / (length + 1)
    const state = stateAt(frames.states, frame, stateSize)
    const before = frame === 0 ? null : stateAt(frames.states, frame - 1, stateSize)
    const plan: SimulationPlan = {
      situation: { ...actor, task },
      conditions: request,
      round: streamRounds.branch,
      before,
      begin(environment, random, streams) {
        environment.restore(state)
        if (noise === 'seeded') random.setState(streams.environment.getState())
        if (push !== undefined && Math.hypot(...push) > 0) environment.push?.(push)
      },
    }
    if (frame === length) return yield* ended(plan, seeds, state, episode)
    using lease = await agents.acquire(plan.situation)
    try {
      yield* simulateSeeds(plan, seeds, lease.agent, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  return {
    /** @throws LabError where the episode kept no frames or has no such frame, or the checkpoint is not there. */
    branch(request: BranchRequest, signal?: AbortSignal): Progress {
      const { checkpoint, run } = agents.situation(request.checkpointId)
      return watching([signal, closing], (left) => branch(request, { checkpoint, run }, left))
    },
  }
}

/** @throws LabError where the main body cannot be pushed, or not so hard. */
async function checkPush(task: Task, push: Vector): Promise<void> {
  const { largestPush } = (await environmentOf(task)).scene
  if (largestPush === null)
    throw new LabError('INVALID', `Nothing can be pushed in ${task.environment}. Branch without a push.`)
  const size = Math.hypot(...push)
  if (size > largestPush)
    throw new LabError(
      'INVALID',
      `A push of ${Number(size.toPrecision(4))} N s is more than ${task.environment} takes; give at most ${largestPush} N s.`,
    )
}

/** After the last action nothing is left to simulate: the recorded end, once for each seed. */
async function* ended(
  { situation, before }: SimulationPlan,
  seeds: readonly number[],
  state: Float64Array,
  { outcome, cause }: { outcome: Outcome; cause: string | null },
): Progress {
  const environment = await environmentOf(situation.task)
  const arrays = packReplay({
    states: state,
    actions: new Float32Array(0),
    rewards: new Float64Array(0),
    qSafe: new Float32Array(0),
    candidates: new Float32Array(0),
    candidateQSafe: new Float32Array(0),
    chosen: new Int32Array(0),
    ...motionsOf(environment, state, before),
  })
  for (const [index, seed] of seeds.entries()) {
    const simulated: Simulated = { seed, outcome, cause, return: 0, length: 0, arrays }
    yield { done: index + 1, total: seeds.length, simulated }
  }
}
