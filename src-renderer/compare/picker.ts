import type { ComparisonView, Experiment, Run } from '../../src-main/contract/index.ts'
import { stateName } from '../runs/derive.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { isOfPhase } from './selection.ts'

export type PickerRow =
  | {
      kind: 'experiment'
      key: string
      id: number
      name: string
      count: number
      isChecked: boolean
      /** Some of its runs are compared, not all. */
      isPartly: boolean
      isOpen: boolean
    }
  | { kind: 'run'; key: string; run: Run; detail: string; isChecked: boolean }

interface Pickable {
  view: ComparisonView
  runs: ReadonlyMap<number, Run>
  experiments: ReadonlyMap<number, Experiment>
  selected: ReadonlySet<number>
}

/** Experiments, the newest first, and the runs of those that are open or that hold what is looked for. */
export function pickerRows(
  { view, runs, experiments, selected }: Pickable,
  search: string,
  opened: ReadonlySet<number>,
): PickerRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const byExperiment = Map.groupBy(
    [...runs.values()].filter((run) => isOfPhase(run, view.phase)),
    ({ experimentId }) => experimentId,
  )
  return [...byExperiment]
    .sort(([a], [b]) => b - a)
    .flatMap(([id, members]): PickerRow[] => {
      const name = experiments.get(id)?.name ?? `Experiment ${id}`
      const isNamed = words.every((word) => name.toLowerCase().includes(word))
      const found = isNamed
        ? members
        : members.filter((run) =>
            words.every((word) => `${name} ${textOf(run)}`.toLowerCase().includes(word)),
          )
      if (found.length === 0) return []
      const chosen = members.filter((run) => selected.has(run.id)).length
      const isOpen = opened.has(id) || (words.length > 0 && !isNamed)
      const experiment: PickerRow = {
        kind: 'experiment',
        key: `experiment-${id}`,
        id,
        name,
        count: members.length,
        isChecked: chosen === members.length,
        isPartly: chosen > 0 && chosen < members.length,
        isOpen,
      }
      if (!isOpen) return [experiment]
      return [
        experiment,
        ...found.map(
          (run): PickerRow => ({
            kind: 'run',
            key: `run-${run.id}`,
            run,
            detail: detailOf(run, view.phase === 'all'),
            isChecked: selected.has(run.id),
          }),
        ),
      ]
    })
}

function detailOf(run: Run, isPhaseTold: boolean): string {
  const { phase, seed } = run.specification
  const state = run.state === 'finished' ? '' : `, ${stateName(run).toLowerCase()}`
  return `${isPhaseTold ? `${phaseNames[phase].toLowerCase()}, ` : ''}seed ${seed}${state}`
}

function textOf(run: Run): string {
  const { method, phase, seed } = run.specification
  return `#${run.id} ${methodMarks[method].label} ${phaseNames[phase]} seed:${seed} seed ${seed} ${stateName(run)} ${run.tags.join(' ')}`
}
