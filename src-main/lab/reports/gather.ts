import type { z } from 'zod'
import type { ComparisonStatistics, GroupResult, RunGroup } from '../../contract/comparisons.ts'
import { type Probed, probedRuns } from '../../contract/figures/calibration.ts'
import type { GroupCurve } from '../../contract/figures/curves.ts'
import { type GroupLook, lookOf, type Panel, panelsOf } from '../../contract/figures/group-looks.ts'
import { type PackableArray, unpackArrays } from '../../contract/packed-arrays.ts'
import { reportRequest } from '../../contract/reports.ts'
import type { Run } from '../../contract/runs.ts'
import type { Experiment } from '../../contract/transfer.ts'
import type { Store } from '../../store/store.ts'
import { breather } from '../comparisons/breath.ts'
import type { comparisonCases } from '../comparisons/cases.ts'
import { findCompared } from '../comparisons/compared-runs.ts'
import type { DescribedRun } from '../comparisons/grouping.ts'
import { LabError } from '../errors.ts'

/** Points of a curve: what a figure of this size can show, and a table can be read. */
const POINTS = 101

/** Critics that are probed: as many as the comparison view does. */
const MOST_PROBED = 20

export interface ReportSources {
  store: Store
  /** With what it has trained since the last batch was written. */
  find: (id: number) => Run | null
  comparisons: Pick<ReturnType<typeof comparisonCases>, 'curves' | 'statistics' | 'calibrate'>
}

/** A group of the runs reported, with all that is said of it. */
export interface ReportedGroup {
  group: RunGroup
  look: GroupLook
  result: GroupResult
  /** Training failures by what caused them. */
  causes: ReadonlyMap<string, number>
}

/** Everything that a report says, before it is put into words. */
export interface Report {
  title: string
  /** Set where it is about one experiment. */
  experiment: Experiment | null
  experiments: Experiment[]
  described: DescribedRun[]
  /** With the pre-training runs that they started from, by id. */
  runs: Run[]
  groups: ReportedGroup[]
  /** Parts of the report, each with groups of its own; one is the rule. */
  panels: Panel[]
  /** Of the first panel. */
  baseline: ReportedGroup | null
  statistics: ComparisonStatistics
  looks: ReadonlyMap<string, GroupLook>
  curves: {
    of: 'return' | 'cumulativeFailures' | 'calibrationAuc'
    groups: { group: RunGroup; curve: GroupCurve }[]
  }[]
  probed: Probed[]
  request: Extract<z.output<typeof reportRequest>, { about: 'runs' }>
}

export async function gatherReport(
  sources: ReportSources,
  asked: z.output<typeof reportRequest>,
): Promise<Report> {
  const { store, find, comparisons } = sources
  const experiment = asked.about === 'experiment' ? getExperiment(store, asked.id) : null
  const request = asked.about === 'experiment' ? runsOf(sources, asked.id) : asked
  const { runIds, groupBy, facetBy, until, x, average, window, probeEpisodes } = request
  const { described, groups, facets } = findCompared(runIds, { groupBy, facetBy }, find)
  if (described.length === 0)
    throw new LabError(
      'NOT_FOUND',
      'None of these runs is in the lab any more, so there is nothing to report.',
    )

  const baseline = request.baseline ?? usualBaseline(groups)
  const statistics = await comparisons.statistics({ runIds, groupBy, facetBy, baseline, until })
  const experiments = [...new Set(described.map(({ run }) => run.experimentId))].map((id) =>
    getExperiment(store, id),
  )
  const nameOf = (id: number) => experiments.find((one) => one.id === id)?.name ?? `experiment ${id}`
  const looks = lookOf(groups, new Map(), nameOf, facets)
  const reported = await Promise.all(
    groups.flatMap((group) => {
      const look = looks.get(group.id)
      const result = statistics.results.find(({ groupId }) => groupId === group.id)
      return look && result
        ? [causesOf(store, group).then((causes) => ({ group, look, result, causes }))]
        : []
    }),
  )
  const curveRequest = { runIds, groupBy, facetBy, x, average, window, points: POINTS }
  const figures = ['return', 'cumulativeFailures', 'calibrationAuc'] as const
  const { arrays, metricNames } = await comparisons.curves({ ...curveRequest, figures: [...figures] })
  const unpacked = unpackArrays(await arrays.arrayBuffer())
  const runs = described.flatMap(({ run, pretrainRun }) => (pretrainRun ? [pretrainRun, run] : [run]))
  return {
    title:
      experiment?.name ??
      (asked.about === 'runs' ? asked.title : null) ??
      `Comparison of ${described.length} runs`,
    experiment,
    experiments,
    described,
    runs: [...new Map(runs.map((run) => [run.id, run])).values()].sort((a, b) => a.id - b.id),
    groups: reported,
    panels: panelsOf(facets, nameOf),
    baseline: baselineOf(reported, statistics),
    statistics,
    looks,
    curves: figures.flatMap((of, place) =>
      of === 'calibrationAuc' && !metricNames.includes(of)
        ? []
        : [{ of, groups: curvesOf(unpacked, place, groups, looks) }],
    ),
    probed: probeEpisodes === null ? [] : await probe(comparisons, runIds, probeEpisodes, groups, looks),
    request: { ...request, baseline },
  }
}

const baselineOf = (
  groups: readonly ReportedGroup[],
  { baseline }: ComparisonStatistics,
): ReportedGroup | null => groups.find(({ group }) => group.series === baseline) ?? null

/** What the report says of one panel's groups alone. */
export function inPanel(report: Report, { id }: Panel): Report {
  const { statistics } = report
  const isHere = ({ facet }: RunGroup) => facet === id
  const groups = report.groups.filter(({ group }) => isHere(group))
  const groupIds = new Set(groups.map(({ group }) => group.id))
  const runIds = new Set(groups.flatMap(({ group }) => group.runs.map((run) => run.id)))
  return {
    ...report,
    groups,
    baseline: baselineOf(groups, statistics),
    statistics: {
      ...statistics,
      groups: statistics.groups.filter(isHere),
      results: statistics.results.filter(({ groupId }) => groupIds.has(groupId)),
    },
    curves: report.curves.map((curve) => ({
      ...curve,
      groups: curve.groups.filter(({ group }) => isHere(group)),
    })),
    probed: report.probed.filter(({ runId }) => runIds.has(runId)),
  }
}

function getExperiment(store: Store, id: number): Experiment {
  const experiment = store.experiments.get(id)
  if (experiment === null) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`)
  return experiment
}

/** An experiment is about its fine-tuning; one that only pre-trained, about that. */
function runsOf({ store }: ReportSources, id: number): Report['request'] {
  const runs = store.runs.listOfExperiment(id)
  const fineTuned = runs.filter(({ specification }) => specification.phase === 'finetune')
  const chosen = fineTuned.length > 0 ? fineTuned : runs
  if (chosen.length === 0)
    throw new LabError('INVALID', `Experiment ${id} has no runs any more, so there is nothing to report.`)
  const request = reportRequest.parse({ about: 'runs', runIds: chosen.map((run) => run.id) })
  if (request.about !== 'runs') throw new Error('A request about runs was parsed as another.')
  return request
}

/** What a safe method is held against first is the one that knows nothing of safety. */
function usualBaseline(groups: readonly RunGroup[]): string | null {
  return (groups.find(({ method }) => method === 'sac') ?? groups[0])?.series ?? null
}

async function causesOf(store: Store, { runs }: RunGroup): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { id } of runs)
    for (const kind of ['training', 'rollout'] as const) {
      const { causes } = await store.failures.summarize({ runId: id, kind }, breather())
      for (const { value, count } of causes) counts.set(value, (counts.get(value) ?? 0) + count)
    }
  return counts
}

function curvesOf(
  arrays: Readonly<Record<string, PackableArray>>,
  place: number,
  groups: readonly RunGroup[],
  looks: ReadonlyMap<string, GroupLook>,
): { group: RunGroup; curve: GroupCurve }[] {
  const floats = (name: string) => Float64Array.from(arrays[name] ?? [])
  return groups.flatMap((group, g) => {
    const look = looks.get(group.id)
    const of = (part: string) => floats(`${place}/${g}/${part}`)
    if (!look || of('mid').every(Number.isNaN)) return []
    const bounds = { mid: of('mid'), low: of('low'), high: of('high') }
    return [{ group, curve: { look, x: floats('x'), ...bounds, count: of('count') } }]
  })
}

async function probe(
  comparisons: ReportSources['comparisons'],
  runIds: number[],
  episodes: number,
  groups: readonly RunGroup[],
  looks: ReadonlyMap<string, GroupLook>,
): Promise<Probed[]> {
  const reports = new Map()
  for await (const progress of comparisons.calibrate({ runIds: runIds.slice(0, MOST_PROBED), episodes }))
    reports.set(progress.runId, progress)
  const members = new Map(
    groups.flatMap((group) => group.runs.map((run) => [run.id, { run, group }] as const)),
  )
  return probedRuns(
    reports,
    (id) => members.get(id)?.run.seed,
    (id) => looks.get(members.get(id)?.group.id ?? ''),
  )
}
