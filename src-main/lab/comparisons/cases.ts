import type { z } from 'zod'
import {
  type CalibrationProgress,
  type CalibrationRequest,
  type ComparisonCurves,
  type ComparisonStatistics,
  type ComparisonView,
  type CurvesRequest,
  calibrationRequest,
  type comparedRuns,
  comparisonView,
  curvesRequest,
  type SavedComparison,
  type SettingDifferences,
  type StatisticsRequest,
  savedComparison,
  taskKey,
} from '../../contract/comparisons.ts'
import { type ComparisonProfiles, type ProfilesRequest, profilesRequest } from '../../contract/profiles.ts'
import type { LabContext } from '../context.ts'
import { LabError } from '../errors.ts'
import { watching } from '../feed.ts'
import { calibrateRuns, type KnownCalibrations } from './calibrations.ts'
import { findCompared, toPretraining } from './compared-runs.ts'
import { compareCurves } from './curves.ts'
import { differingTraits, groupKeysOf } from './grouping.ts'
import { compareProfiles } from './profiles.ts'
import { compareStatistics } from './statistics.ts'

export function comparisonCases({
  store,
  supervisor,
  metricHistories,
  runHistories: histories,
  closing,
}: LabContext) {
  const calibrations: KnownCalibrations = new Map()
  const find = (id: number) => {
    const run = store.runs.get(id)
    return run === null ? null : supervisor.overlay(run)
  }
  const get = (id: number): SavedComparison => {
    const saved = store.savedComparisons.get(id)
    if (saved === null) throw new LabError('NOT_FOUND', `There is no saved comparison ${id}.`)
    return saved
  }
  const parseName = (name: string) => savedComparison.shape.name.parse(name)

  return {
    async curves(input: CurvesRequest): Promise<ComparisonCurves> {
      const request = curvesRequest.parse(input)
      const compared = findCompared(request.runIds, request, find)
      const wanted = request.of === 'pretraining' ? toPretraining(compared) : compared
      return compareCurves({ store, histories, metrics: metricHistories }, wanted, request)
    },
    statistics({
      runIds,
      groupBy = ['settings'],
      facetBy,
      baseline = null,
      until = 'end',
    }: StatisticsRequest): Promise<ComparisonStatistics> {
      return compareStatistics(histories, findCompared(runIds, { groupBy, facetBy }, find), baseline, until)
    },
    differences({ runIds }: z.input<typeof comparedRuns>): SettingDifferences {
      const { described, missing } = findCompared(runIds, { groupBy: [] }, find)
      const names = differingTraits(described).filter((name) => name !== 'run')
      return {
        runIds: described.map(({ run }) => run.id),
        rows: names.map((name) => ({
          name,
          values: described.map(({ traits }) => traits.get(name) ?? null),
        })),
        groupKeys: groupKeysOf(described),
        missing,
      }
    },
    profiles(input: ProfilesRequest): Promise<ComparisonProfiles> {
      const request = profilesRequest.parse(input)
      const compared = findCompared(request.runIds, { groupBy: request.groupBy, facetBy: taskKey }, find)
      return compareProfiles(histories, compared, request)
    },
    calibrate: (input: CalibrationRequest, signal?: AbortSignal) =>
      watching<CalibrationProgress>([signal, closing], (ended) =>
        calibrateRuns(store, calibrations, calibrationRequest.parse(input), ended),
      ),
    list: (): SavedComparison[] => store.savedComparisons.list(),
    get,
    save: (name: string, view: z.input<typeof comparisonView>): SavedComparison =>
      store.savedComparisons.insert(parseName(name), comparisonView.parse(view), Date.now()),
    update(
      id: number,
      change: { name?: string | undefined; view?: ComparisonView | undefined },
    ): SavedComparison {
      const before = get(id)
      const { name = before.name, view = before.view } = change
      store.savedComparisons.update(id, parseName(name), comparisonView.parse(view), Date.now())
      return get(id)
    },
    delete(id: number): void {
      if (!store.savedComparisons.delete(id)) get(id)
    },
  }
}
