import type { BranchRequest, RolloutRequest, Simulated, SimulationProgress } from '../contract/replays.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, type Random, type Streams } from '../random.ts'
import { type Agent, decideMasked, decideUnmaskedAlike } from './agent.ts'
import { environmentOf, type Situation } from './checkpoint-agents.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { packReplay, type ReplayParts } from './replays.ts'
import { motionsOf, simulate, stateAt } from './simulation.ts'

/** Streams of simulations from a frame and of fresh episodes, apart from those of training (0, 1) and of the command line's rollouts (2). */
const BRANCH_ROUND = 3
const FRESH_ROUND = 4

type Conditions = Pick<BranchRequest, 'masked' | 'epsilonSafe' | 'seeds'>
type Progress = AsyncGenerator<SimulationProgress, void, undefined>

interface Plan {
  situation: Situation
  conditions: Conditions
  round: number
  /** Puts the environment where the simulation begins. */
  begin: (environment: VisibleEnvironment, random: Random, streams: Streams) => void
  /** State before the first, for velocities. */
  before: Float64Array | null
}

/** Episodes simulated for a replay, one for each seed. They stop when the caller leaves. */
export function simulationCases({ context: { closing }, agents, episodes, getRun }: ReplayParts) {
  const run = (plan: Plan, signal: AbortSignal | undefined): Progress =>
    watching([signal, closing], async function* (ended) {
      using lease = await agents.acquire(plan.situation)
      try {
        yield* simulateSeeds(plan, lease.agent, ended)
      } catch (error) {
        if (!ended.aborted) throw error
      }
    })

  return {
    /** @throws LabError where the episode kept no frames or has no such frame, or the checkpoint is not there. */
    branch(request: BranchRequest, signal?: AbortSignal): Progress {
      const { episodeId, frame, noise } = request
      const episode = episodes.get(episodeId)
      const frames = episodes.frames(episodeId)
      const length = frames.rewards.length
      if (frame > length)
        throw new LabError(
          'INVALID',
          `Episode ${episodeId} has ${length} frames; a branch begins at one from 0 to ${length}, not at ${frame}.`,
        )
      const situation = {
        ...agents.situation(request.checkpointId),
        task: getRun(episode.runId).specification.task,
      }
      const stateSize = frames.states.length / (length + 1)
      const state = stateAt(frames.states, frame, stateSize)
      const before = frame === 0 ? null : stateAt(frames.states, frame - 1, stateSize)
      if (frame === length) return ended(request.seeds, situation, state, before, episode)
      return run(
        {
          situation,
          conditions: request,
          round: BRANCH_ROUND,
          before,
          begin(environment, random, streams) {
            environment.restore(state)
            if (noise === 'seeded') random.setState(streams.environment.getState())
          },
        },
        signal,
      )
    },

    rollOut(request: RolloutRequest, signal?: AbortSignal): Progress {
      return run(
        {
          situation: agents.situation(request.checkpointId, request.taskOfRunId),
          conditions: request,
          round: FRESH_ROUND,
          before: null,
          begin(environment, random, streams) {
            random.setState(streams.environment.getState())
            environment.reset(request.start)
          },
        },
        signal,
      )
    },
  }
}

async function* simulateSeeds(plan: Plan, agent: Agent, ended: AbortSignal): Progress {
  const { masked, epsilonSafe, seeds } = plan.conditions
  const decide = masked ? decideMasked(agent, epsilonSafe) : decideUnmaskedAlike(agent)
  const random = createStreams(0, plan.round).environment
  const environment = await createEnvironment(plan.situation.task, random)
  for (const [index, seed] of seeds.entries()) {
    const streams = createStreams(seed, plan.round)
    plan.begin(environment, random, streams)
    const {
      frames,
      outcome,
      cause,
      return: total,
    } = await simulate(environment, (observation) => decide(observation, streams.candidates), ended)
    const simulated: Simulated = {
      seed,
      outcome,
      cause,
      return: total,
      length: frames.rewards.length,
      arrays: packReplay({ ...frames, ...motionsOf(environment, frames.states, plan.before) }),
    }
    yield { done: index + 1, total: seeds.length, simulated }
  }
}

/** After the last action nothing is left to simulate: the recorded end, once for each seed. */
async function* ended(
  seeds: readonly number[],
  { task }: Situation,
  state: Float64Array,
  before: Float64Array | null,
  { outcome, cause }: Pick<Simulated, 'outcome' | 'cause'>,
): Progress {
  const environment = await environmentOf(task)
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
