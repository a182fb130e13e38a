import type { Outcome } from '../../contract/episodes.ts'
import type { Run } from '../../contract/runs.ts'
import { drunkSpiderParameters } from '../../environments/drunk-spider.ts'
import { type Way, wayPastLava } from '../../environments/drunk-spider-ways.ts'
import type { checkpointCases } from '../checkpoints.ts'
import { breather } from '../comparisons/breath.ts'
import { rollOut } from '../rollouts.ts'

/** Masked episodes of each final policy that its ways are counted in. */
const EPISODES = 40

/** An episode of DrunkSpider as it is drawn on the map. */
export interface Walk {
  seed: number
  outcome: Outcome
  way: Way
  rows: number[]
  columns: number[]
}

export type WalksOf = (run: Run) => Promise<Walk[]>

/** Walks of finished runs under their own mask, from the usual start, always the same for the same run. Played once while the lab is open. */
export function walkers(checkpoints: Pick<ReturnType<typeof checkpointCases>, 'list' | 'bundle'>): WalksOf {
  const known = new Map<string, Promise<Walk[]>>()
  return (run) => {
    const checkpoint = checkpoints.list(run.id).at(-1)
    if (!checkpoint) return Promise.resolve([])
    const key = JSON.stringify([run.id, checkpoint.id, checkpoint.createdAt])
    const walking = known.get(key) ?? walk(run, checkpoints.bundle(checkpoint.id))
    known.set(key, walking)
    walking.catch(() => known.delete(key))
    return walking
  }
}

async function walk(run: Run, networks: Parameters<typeof rollOut>[0]['networks']): Promise<Walk[]> {
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
    afterEpisode: breather(),
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
