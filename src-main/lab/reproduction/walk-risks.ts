import { z } from 'zod'
import type { Outcome } from '../../contract/episodes.ts'
import type { Run } from '../../contract/runs.ts'
import type { ArrayBundle } from '../../training/messages.ts'
import { breather } from '../comparisons/breath.ts'
import { rollOut } from '../rollouts.ts'
import type { Simulation } from '../simulation.ts'
import { EPISODES } from './final-policies.ts'

export interface RiskCount {
  steps: number
  /** Steps whose action lies above ε_safe. */
  above: number
  episodes: number
  failures: number
}

/** The candidates of one step, in the order in which they were drawn. */
export interface RiskStep {
  candidates: { action: Float32Array; qSafe: number }[]
  /** Index of the one taken. */
  chosen: number
}

/** How Q_safe fares in the episodes of a final policy, with its mask and without. */
export interface WalkRisks {
  seed: number
  epsilonSafe: number
  masked: RiskCount
  unmasked: RiskCount
  /** The masked episode in which the mask refused most, counted from 0. */
  example: { episode: number; outcome: Outcome; steps: RiskStep[] }
}

const settingsSchema = z.object({ sqrl: z.object({ epsilonSafe: z.number() }) })

/** From the usual start, always the same for the same networks; with the mask and without they are as many. */
export async function walkRisks(run: Run, networks: ArrayBundle): Promise<WalkRisks[]> {
  const { task, settings, seed } = run.specification
  const { epsilonSafe } = settingsSchema.parse(settings).sqrl
  const isAbove = (qSafe: number) => qSafe > epsilonSafe
  const play = async (masked: boolean, look: (ended: Simulation, episode: number) => void) => {
    const { rollouts } = await rollOut({
      ...{ task, settings, networks, masked },
      episodes: EPISODES,
      seed: 0,
      randomStartFraction: 0,
      breathe: breather(),
      afterEpisode: (count, ended) => look(ended, count - 1),
    })
    const taken = rollouts.flatMap(({ qSafe }) => [...qSafe])
    return {
      steps: taken.length,
      above: taken.filter(isAbove).length,
      episodes: rollouts.length,
      failures: rollouts.filter(({ outcome }) => outcome === 'failure').length,
    }
  }
  let most = -1
  let example: WalkRisks['example'] = { episode: 0, outcome: 'timeout', steps: [] }
  const masked = await play(true, ({ frames, outcome }, episode) => {
    const refused = frames.candidateQSafe.filter(isAbove).length
    if (refused <= most) return
    most = refused
    example = { episode, outcome, steps: stepsOf(frames) }
  })
  const unmasked = await play(false, () => {})
  return [{ seed, epsilonSafe, masked, unmasked, example }]
}

function stepsOf({ candidates, candidateQSafe, chosen }: Simulation['frames']): RiskStep[] {
  const count = candidateQSafe.length / chosen.length
  const actionSize = candidates.length / candidateQSafe.length
  return [...chosen].map((index, frame) => ({
    chosen: index,
    candidates: [...candidateQSafe.subarray(frame * count, (frame + 1) * count)].map((qSafe, candidate) => {
      const from = (frame * count + candidate) * actionSize
      return { action: candidates.slice(from, from + actionSize), qSafe }
    }),
  }))
}
