import { z } from 'zod'
import type {
  CalibrationProgress,
  CriticCalibration,
  calibrationRequest,
} from '../../contract/comparisons.ts'
import type { Run } from '../../contract/runs.ts'
import type { Store } from '../../store/store.ts'
import { measureCalibration } from '../calibration.ts'
import { LabError } from '../errors.ts'
import { breather } from './breath.ts'

type Request = z.output<typeof calibrationRequest>

/** Measured ones, by checkpoint and request: networks do not change, so neither do their calibrations. */
export type KnownCalibrations = Map<string, CriticCalibration>

const MILLIS_BETWEEN_REPORTS = 200

/** Probes the last safety critic of each run on the run's own task, one after the other. */
export async function* calibrateRuns(
  store: Store,
  known: KnownCalibrations,
  { runIds, episodes, seed }: Request,
  signal: AbortSignal,
): AsyncGenerator<CalibrationProgress, void, undefined> {
  for (const runId of new Set(runIds)) {
    const report = (done: number, rest: Partial<CalibrationProgress> = {}): CalibrationProgress => ({
      runId,
      done,
      total: episodes,
      calibration: null,
      refusal: null,
      ...rest,
    })
    const run = store.runs.get(runId)
    const checkpoint = run && store.checkpoints.getLast(runId)
    const refusal = whyNot(run, checkpoint !== null)
    if (!run || !checkpoint || refusal !== null) {
      yield report(0, { refusal })
      continue
    }
    const key = [checkpoint.id, checkpoint.createdAt, episodes, seed].join()
    const before = known.get(key)
    if (before) {
      yield report(episodes, { calibration: before })
      continue
    }
    yield report(0)
    const networks = store.checkpoints.getNetworks(checkpoint.id)
    if (networks === null) continue
    let done = 0
    const breathe = breather()
    const measuring = measureCalibration({
      task: run.specification.task,
      settings: run.specification.settings,
      networks,
      episodes,
      seed,
      masked: false,
      randomStartFraction: 1,
      randomFirstAction: true,
      async afterEpisode(count) {
        done = count
        await breathe()
        signal.throwIfAborted()
      },
    }).then(
      (calibration) => ({ calibration, refusal: null }),
      (error: unknown) => {
        if (error instanceof LabError) return { calibration: null, refusal: error.message }
        if (signal.aborted) return { calibration: null, refusal: null }
        throw error
      },
    )
    let result: Awaited<typeof measuring> | null = null
    while (result === null) {
      result = await Promise.race([measuring, pause()])
      if (signal.aborted) return
      if (result === null) yield report(done)
    }
    if (result.calibration) known.set(key, result.calibration)
    yield report(episodes, result)
  }
}

const pause = () => new Promise<null>((resolve) => setTimeout(resolve, MILLIS_BETWEEN_REPORTS, null))

const withCritic = z.object({ sqrl: z.object({ gammaSafe: z.number() }) })

function whyNot(run: Run | null, hasCheckpoint: boolean): string | null {
  if (run === null) return 'This run is not in the lab any more.'
  if (!withCritic.safeParse(run.specification.settings).success)
    return `${run.specification.method.toUpperCase()} has no safety critic.`
  return hasCheckpoint ? null : 'This run has no checkpoint yet.'
}
