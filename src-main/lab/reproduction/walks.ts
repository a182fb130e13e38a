import type { Outcome } from '../../contract/episodes.ts'
import type { Run } from '../../contract/runs.ts'
import { drunkSpiderParameters } from '../../environments/drunk-spider.ts'
import { type Way, wayPastLava } from '../../environments/drunk-spider-ways.ts'
import type { ArrayBundle } from '../../training/messages.ts'
import { breather } from '../comparisons/breath.ts'
import { rollOut } from '../rollouts.ts'
import { EPISODES } from './final-policies.ts'

/** An episode of DrunkSpider as it is drawn on the map. */
export interface Walk {
  seed: number
  outcome: Outcome
  way: Way
  rows: number[]
  columns: number[]
}

/** Walks of a run under its own mask, from the usual start, always the same for the same networks. */
export async function walk(run: Run, networks: ArrayBundle): Promise<Walk[]> {
  const { task, settings, seed } = run.specification
  const { map } = drunkSpiderParameters.parse(task.parameters)
  const { rollouts, stateNames } = await rollOut({
    task,
    settings,
    networks,
    episodes: EPISODES,
    seed: 0,
    masked: true,
    randomStartFraction: 0,
    breathe: breather(),
  })
  const [row, column] = [stateNames.indexOf('row'), stateNames.indexOf('column')]
  return rollouts.map(({ outcome, states }) => {
    const places = states.map((state): [number, number] => [
      state[row] ?? Number.NaN,
      state[column] ?? Number.NaN,
    ])
    return {
      seed,
      outcome,
      way: wayPastLava(map, places),
      rows: places.map(([at]) => at),
      columns: places.map(([, at]) => at),
    }
  })
}
