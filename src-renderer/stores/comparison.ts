import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import {
  type CalibrationProgress,
  type ComparisonProfiles,
  type ComparisonStatistics,
  type ComparisonView,
  type CurvesRequest,
  type ProfilesRequest,
  type SavedComparison,
  type SettingDifferences,
  type StatisticsRequest,
  unpackArrays,
} from '../../src-main/contract/index.ts'
import { api, follow, toSentence } from '../api.ts'
import type { UnpackedCurves } from '../compare/curve-data.ts'
import { untilOpen } from '../connection.ts'
import { createProblems } from './problems.ts'

type Part = 'curves' | 'whole' | 'phases' | 'statistics' | 'profiles' | 'differences' | 'saved'

/** What the lab says about the runs compared, and the comparisons that are saved. */
export const useComparisonStore = defineStore('comparison', () => {
  /** Over the whole x axis. */
  const curves = shallowRef<UnpackedCurves | null>(null)
  /** The zoomed part of it on a finer grid. */
  const zoomed = shallowRef<{ from: number; to: number; curves: UnpackedCurves } | null>(null)
  /** Incidents of the runs, and of the pre-training runs that they started from. */
  const phases = shallowRef<{ pretraining: UnpackedCurves; finetuning: UnpackedCurves } | null>(null)
  const statistics = shallowRef<ComparisonStatistics | null>(null)
  const profiles = shallowRef<ComparisonProfiles | null>(null)
  const differences = shallowRef<SettingDifferences | null>(null)
  const calibrations = shallowRef<ReadonlyMap<number, CalibrationProgress>>(new Map())
  const isCalibrating = shallowRef(false)
  const saved = shallowRef<ReadonlyMap<number, SavedComparison> | null>(null)
  const { error, say, clear: dismissError } = createProblems<Part | 'calibration' | 'change'>()
  /** Slots of groups that have no method's colour, so that they keep theirs. */
  const slots = new Map<string, number>()
  const latest = new Map<Part, number>()

  /** Reads one part; an answer that a later question has overtaken is dropped. */
  async function read<T>(part: Part, ask: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const turn = (latest.get(part) ?? 0) + 1
    latest.set(part, turn)
    try {
      await untilOpen(new AbortController().signal)
      const answer = await ask()
      if (latest.get(part) !== turn) return
      take(answer)
      say(part, null)
    } catch (cause) {
      if (latest.get(part) === turn) say(part, toSentence(cause))
    }
  }

  async function ask(request: CurvesRequest): Promise<UnpackedCurves> {
    const { arrays, ...rest } = await api.comparisons.curves(request)
    return { ...rest, arrays: unpackArrays(await arrays.arrayBuffer()) }
  }

  const loadCurves = (request: CurvesRequest) =>
    read(
      'whole',
      () => ask(request),
      (answer) => {
        curves.value = answer
      },
    )

  const loadZoomed = (request: CurvesRequest & { range: { from: number; to: number } }) =>
    read(
      'curves',
      () => ask(request),
      (answer) => {
        zoomed.value = { ...request.range, curves: answer }
      },
    )

  const loadPhases = (request: CurvesRequest) =>
    read(
      'phases',
      () => Promise.all([ask({ ...request, of: 'pretraining' }), ask(request)]),
      ([pretraining, finetuning]) => {
        phases.value = { pretraining, finetuning }
      },
    )

  const loadStatistics = (request: StatisticsRequest) =>
    read(
      'statistics',
      () => api.comparisons.statistics(request),
      (answer) => {
        statistics.value = answer
      },
    )

  const loadProfiles = (request: ProfilesRequest) =>
    read(
      'profiles',
      () => api.comparisons.profiles(request),
      (answer) => {
        profiles.value = answer
      },
    )

  const loadDifferences = (runIds: number[]) =>
    read(
      'differences',
      () => api.comparisons.differences({ runIds }),
      (answer) => {
        differences.value = answer
      },
    )

  const loadSaved = () =>
    read(
      'saved',
      () => api.comparisons.list(),
      (answer) => {
        saved.value = new Map(answer.map((one) => [one.id, one]))
      },
    )

  /** Nothing is chosen any more. */
  function clear(): void {
    for (const part of ['curves', 'whole', 'phases', 'statistics', 'profiles', 'differences'] as const)
      latest.set(part, (latest.get(part) ?? 0) + 1)
    curves.value = null
    zoomed.value = null
    phases.value = null
    statistics.value = null
    profiles.value = null
    differences.value = null
  }

  async function calibrate(runIds: number[], episodes: number, signal: AbortSignal): Promise<void> {
    isCalibrating.value = true
    calibrations.value = new Map()
    try {
      await follow(
        (streamSignal) => api.comparisons.calibrate({ runIds, episodes }, { signal: streamSignal }),
        (progress) => {
          calibrations.value = new Map(calibrations.value).set(progress.runId, progress)
        },
        signal,
      )
    } catch (cause) {
      say('calibration', toSentence(cause))
    }
    isCalibrating.value = false
  }

  /** Saves under a new name, and gives the id; null where it was refused. */
  async function save(name: string, view: ComparisonView): Promise<number | null> {
    return change(() => api.comparisons.save({ name, view }))
  }

  const update = (id: number, part: { name?: string; view?: ComparisonView }) =>
    change(() => api.comparisons.update({ id, ...part }))

  async function change(work: () => Promise<SavedComparison>): Promise<number | null> {
    try {
      const one = await work()
      saved.value = new Map(saved.value).set(one.id, one)
      return one.id
    } catch (cause) {
      say('change', `The comparison was not saved: ${toSentence(cause)}`)
      return null
    }
  }

  /** Gives what was deleted, so that it can be saved again. */
  async function remove(id: number): Promise<SavedComparison | null> {
    const before = saved.value?.get(id) ?? null
    try {
      await api.comparisons.delete({ id })
      const next = new Map(saved.value)
      next.delete(id)
      saved.value = next
      return before
    } catch (cause) {
      say('change', `The comparison was not deleted: ${toSentence(cause)}`)
      return null
    }
  }

  return {
    curves,
    zoomed,
    phases,
    statistics,
    profiles,
    differences,
    calibrations,
    isCalibrating,
    saved,
    error,
    slots,
    loadCurves,
    loadZoomed,
    loadPhases,
    loadStatistics,
    loadProfiles,
    loadDifferences,
    loadSaved,
    clear,
    calibrate,
    save,
    update,
    remove,
    dismissError,
  }
})
