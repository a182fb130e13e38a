import type { checkpointCases } from '../checkpoints.ts'
import type { comparisonCases } from '../comparisons/cases.ts'
import type { LabContext } from '../context.ts'
import type { experimentCases } from '../experiments.ts'
import { measureArms } from './measurement.ts'
import { type Finding, reportPart, reportText } from './report.ts'
import type { ReproductionRequest } from './request.ts'
import { targetsOf } from './runs.ts'
import { advance, type Standing, standingOf } from './training.ts'
import { walkers } from './walks.ts'

export interface Reproduction {
  findings: Finding[]
  /** By name: figures as SVG, tables as CSV and Markdown, and `report.md`. */
  files: Record<string, string>
}

/** The paper's figures from the lab's own runs. */
export function reproductionCases(
  { store, supervisor }: LabContext,
  experiments: Pick<ReturnType<typeof experimentCases>, 'start'>,
  comparisons: Pick<ReturnType<typeof comparisonCases>, 'curves' | 'statistics'>,
  checkpoints: Pick<ReturnType<typeof checkpointCases>, 'list' | 'bundle'>,
) {
  const walksOf = walkers(checkpoints)
  return {
    standing: (request: ReproductionRequest): Standing => standingOf(store, request),
    advance: (request: ReproductionRequest, resumed: Set<number>): Standing =>
      advance(store, request, { start: experiments.start, resume: (id) => supervisor.resume(id) }, resumed),
    async report(request: ReproductionRequest): Promise<Reproduction> {
      const parts: ReturnType<typeof reportPart>[] = []
      for (const figure of request.figures)
        for (const target of targetsOf(request, figure)) {
          const arms = await measureArms(store, comparisons, request, figure, target, walksOf)
          parts.push(reportPart(request, figure, target, arms))
        }
      const { needed, finished } = standingOf(store, request)
      const standing = `${finished} of ${needed} runs are finished.`
      return {
        findings: parts.map(({ finding }) => finding),
        files: {
          ...Object.assign({}, ...parts.map(({ files }) => files)),
          'report.md': reportText(request, parts, standing),
        },
      }
    },
  }
}
