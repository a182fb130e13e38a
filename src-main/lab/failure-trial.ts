import type { z } from 'zod'
import type { FailureTrial, failureTrialRequest, TrialOutcome } from '../contract/failure-trial.ts'
import { outcomeOf, type VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment, environmentParameters } from '../environments/registry.ts'
import { createStreams, type Random } from '../random.ts'
import { breather } from './comparisons/breath.ts'
import { LabError } from './errors.ts'
import { explain } from './problems.ts'

/** Standing still draws nothing but the environment's own noise: a few episodes show it. */
const STILL_EPISODES = 10
/** A sample is for looking at; whatever has ended by then is enough. */
const MOST_MILLIS = { random: 5000, still: 1500 }

interface Episode {
  outcome: 'success' | 'failure' | 'timeout'
  cause: string | null
  steps: number
}

/** Plays episodes of random actions, and of none, and says in words what ended them. Nothing is stored. */
export async function tryFailures({
  task,
  episodes,
}: z.output<typeof failureTrialRequest>): Promise<FailureTrial> {
  const parsed = environmentParameters(task.environment).safeParse(task.parameters)
  if (!parsed.success) throw new LabError('INVALID', explain('parameter', parsed.error))
  const streams = createStreams(0)
  const environment = await createEnvironment(task, streams.environment)
  const outcomes: TrialOutcome[] = []
  for (const actions of ['random', 'still'] as const) {
    const wanted = actions === 'random' ? episodes : Math.min(episodes, STILL_EPISODES)
    outcomes.push(summarize(actions, await play(environment, actions, wanted, streams.exploration)))
  }
  return { outcomes, ...judge(outcomes) }
}

async function play(
  environment: VisibleEnvironment,
  actions: TrialOutcome['actions'],
  wanted: number,
  random: Random,
): Promise<Episode[]> {
  const end = performance.now() + MOST_MILLIS[actions]
  const breathe = breather()
  const action = new Float32Array(environment.actionSize)
  const played: Episode[] = []
  while (played.length < wanted && (played.length === 0 || performance.now() < end)) {
    environment.reset('fixed')
    for (let steps = 1; ; steps++) {
      if (actions === 'random') for (const index of action.keys()) action[index] = 2 * random.uniform() - 1
      const step = environment.step(action)
      await breathe()
      if (!step.terminated && !step.truncated) continue
      played.push({ outcome: outcomeOf(step), cause: step.cause, steps })
      break
    }
  }
  return played
}

function summarize(actions: TrialOutcome['actions'], played: readonly Episode[]): TrialOutcome {
  const of = (outcome: Episode['outcome']) => played.filter((episode) => episode.outcome === outcome)
  const failed = of('failure')
  const causes = Map.groupBy(failed, ({ cause }) => cause ?? 'no cause given')
  const lengths = failed.map(({ steps }) => steps).sort((a, b) => a - b)
  return {
    actions,
    episodes: played.length,
    failures: failed.length,
    successes: of('success').length,
    timeouts: of('timeout').length,
    causes: [...causes]
      .map(([cause, those]) => ({ cause, count: those.length }))
      .sort((a, b) => b.count - a.count),
    failureAfter: lengths[Math.floor(lengths.length / 2)] ?? null,
  }
}

/** What a person would say about it who knows how failures are defined the wrong way round. */
export function judge(outcomes: readonly TrialOutcome[]): Pick<FailureTrial, 'sentences' | 'isOdd'> {
  const random = outcomes.find(({ actions }) => actions === 'random')
  const still = outcomes.find(({ actions }) => actions === 'still')
  const odd: string[] = []
  if (random && random.failures === 0)
    odd.push(
      'Random actions never failed. If this task can fail, its failure is too narrow or the wrong way round, and a safety critic would find nothing to learn.',
    )
  if (random && random.failures === random.episodes && (random.failureAfter ?? 0) <= 1)
    odd.push('Every random episode failed at once, so failure may mean the opposite of what it should.')
  if (still && still.failures === still.episodes && (still.failureAfter ?? 0) <= 1)
    odd.push('Whoever stands still fails at once: the start itself counts as a failure.')
  return { sentences: [...outcomes.map(describe), ...odd], isOdd: odd.length > 0 }
}

const who = { random: 'random actions', still: 'standing still' } as const

function describe({
  actions,
  episodes,
  failures,
  successes,
  timeouts,
  causes,
  failureAfter,
}: TrialOutcome): string {
  const others = [
    ...(successes === 0 ? [] : [`${successes} reached the goal`]),
    ...(timeouts === 0 ? [] : [`${timeouts} ran into the time limit`]),
  ]
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`
  const count = `Of ${episodes === 1 ? '1 episode' : `${episodes} episodes`} of ${who[actions]}, ${failures === 0 ? 'none' : failures} failed`
  if (failures === 0) return `${count}${rest}.`
  const reasons = causes.map(({ cause, count: times }) => `${cause} (${times})`).join(', ')
  const steps = failureAfter === 1 ? '1 step' : `${failureAfter} steps`
  return `${count}, after ${steps} in the median: ${reasons}${rest}.`
}
