import type { MetricPoint } from '../contract/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Supervisor } from '../training/supervisor.ts'
import type { StartWorker } from '../training/worker-process.ts'
import type { RunHistories } from './comparisons/run-history.ts'
import type { Feed } from './feed.ts'
import type { MetricHistories } from './metric-histories.ts'

export interface MeasuredPoints {
  runId: number
  points: MetricPoint[]
}

/** What the lab's use cases share. */
export interface LabContext {
  store: Store
  supervisor: Supervisor
  startWorker: StartWorker
  /** Ids of runs that changed. */
  changedRuns: Feed<number>
  /** That the list of experiments, a name or a note is another. */
  changedExperiments: Feed<'changed'>
  /** That the status may be another. */
  changedStatus: Feed<'changed'>
  /** Points as they are recorded; none when a run ends, so that its watchers look. */
  measured: Feed<MeasuredPoints>
  metricHistories: MetricHistories
  runHistories: RunHistories
  /** Given when the lab closes: ends every watcher. */
  closing: AbortSignal
}
