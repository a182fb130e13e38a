import type { Run, RunState } from '../../src-main/contract/index.ts'
import { methodMarks, phaseNames } from '../text/names.ts'

/** Something that came to its end, as news. */
export interface Ending {
  readonly tag: string
  readonly title: string
  readonly body: string
  readonly path: string
}

const trains: readonly RunState[] = ['running', 'pausing', 'stopping']
const waitsOrTrains: readonly RunState[] = [...trains, 'queued']

/** What ended between two looks at the runs. What the user stopped or paused is no news. */
export function findEndings(
  before: ReadonlyMap<number, Run>,
  after: ReadonlyMap<number, Run>,
  experimentName: (id: number) => string,
): Ending[] {
  const changed = [...after.values()].filter((run) => {
    const old = before.get(run.id)
    return old !== undefined && old.state !== run.state && trains.includes(old.state)
  })
  const bad = changed.filter(({ state }) => state === 'failed' || state === 'interrupted').map(badEnding)
  const finished = new Set(changed.filter(({ state }) => state === 'finished').map((run) => run.experimentId))
  const done = [...finished].flatMap((id) => {
    const runs = [...after.values()].filter(({ experimentId }) => experimentId === id)
    if (runs.some(({ state }) => waitsOrTrains.includes(state))) return []
    return [experimentEnding(id, runs, experimentName(id))]
  })
  return [...bad, ...done]
}

function badEnding(run: Run): Ending {
  const { method, phase, seed } = run.specification
  return {
    tag: `run-${run.id}-${run.state}`,
    title: run.state === 'failed' ? `Run ${run.id} gave up` : `Run ${run.id} was interrupted`,
    body: `${methodMarks[method].label}, ${phaseNames[phase].toLowerCase()}, seed ${seed}. ${run.error ?? ''}`.trim(),
    path: `/runs/${run.id}`,
  }
}

function experimentEnding(id: number, runs: readonly Run[], name: string): Ending {
  const finished = runs.filter(({ state }) => state === 'finished').length
  const count = runs.length === 1 ? 'Its run is' : `${finished} of ${runs.length} runs are`
  return {
    tag: `experiment-${id}-ended`,
    title: `${name} has ended`,
    body: `${count} finished.`,
    path: runs.length === 1 ? `/runs/${runs[0]?.id}` : '/runs',
  }
}
