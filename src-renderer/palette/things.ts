import type { Run } from '../../src-main/contract/index.ts'
import { stateName } from '../runs/derive.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import type { NamedThing } from './entries.ts'

export function explainRun(run: Run, experimentName: (id: number) => string): NamedThing {
  const { method, phase, seed } = run.specification
  return {
    id: run.id,
    title: `Run ${run.id} ${methodMarks[method].label} ${phaseNames[phase]} seed ${seed}`,
    detail: `${experimentName(run.experimentId)} · ${stateName(run)}`,
  }
}

/** Where an experiment can be looked at. */
export function experimentPath(id: number): string {
  return `/experiments/${id}`
}
