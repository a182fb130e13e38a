import { availableParallelism } from 'node:os'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { Supervisor } from '../training/supervisor.ts'
import { forkWorker, type StartWorker } from '../training/worker-process.ts'
import { archiveCases, removeLeftovers } from './archives.ts'
import { backupCases } from './backups.ts'
import { branchCases } from './branches.ts'
import { checkpointAgents } from './checkpoint-agents.ts'
import { thinningCases } from './checkpoint-thinning.ts'
import { checkpointCases } from './checkpoints.ts'
import { comparisonCases } from './comparisons/cases.ts'
import { RunHistories } from './comparisons/run-history.ts'
import type { LabContext, MeasuredPoints } from './context.ts'
import { freeBytesOf, RESERVED_BYTES } from './disk-space.ts'
import { draftCases } from './drafts.ts'
import { episodeCases } from './episodes.ts'
import { experimentCases, type PlanTransfer } from './experiments.ts'
import { factCases } from './facts.ts'
import { failureCases } from './failures.ts'
import { Feed } from './feed.ts'
import { freshCases } from './fresh-episodes.ts'
import { judgementCases } from './judgements.ts'
import { keptEpisodeCases, keptReader } from './kept-episodes.ts'
import { markCases } from './marks.ts'
import { MetricHistories } from './metric-histories.ts'
import { metricCases } from './metrics.ts'
import { presetDescriptions, targetDescriptions } from './presets/registry.ts'
import { episodeOpener } from './replayed-episodes.ts'
import { replayCases } from './replays.ts'
import { reportCases } from './reports/cases.ts'
import { reproductionCases } from './reproduction/cases.ts'
import { hasEnded, runCases } from './runs.ts'
import { settingDescriptions } from './settings.ts'
import { statusCases } from './status.ts'
import { taskCases } from './tasks.ts'
import { planTransfer } from './transfer.ts'
import { transferCases } from './transfers.ts'
import { TRASH_DAYS, trashCases } from './trash.ts'

export interface LabOptions {
  /** How many runs train at once; by default what was chosen for the lab, else as many as this machine has cores, as a worker computes on one. */
  slots?: number | undefined
  /** False: queued runs stay queued, for a caller that only looks. */
  train?: boolean
  /** How a training process is started; by default forked, which Electron's own processes cannot. */
  startWorker?: StartWorker
  /** Free bytes of the lab's disk; tests make it small. */
  freeBytes?: () => number
  /** What a request becomes; tests plan smaller things. */
  planTransfer?: PlanTransfer
}

export type Lab = Awaited<ReturnType<typeof openLab>>

/** Opens the lab in a folder, which is made if need be, and goes on with what is queued in it. Throws a LabError. */
export async function openLab(folder: string, options: LabOptions = {}) {
  const { train = true, startWorker = forkWorker } = options
  const store = await openStore(folder)
  const slots = options.slots ?? store.labSettings.get().slots ?? availableParallelism()
  try {
    store.transaction(() => interruptLeftovers(store))
    removeLeftovers(store.folder)
    // Whoever only looks leaves even what has lain there long enough.
    if (train) store.transaction(() => store.trash.empty(Date.now() - TRASH_DAYS * 86_400_000))
  } catch (error) {
    store.close()
    throw error
  }
  const changedRuns = new Feed<number>()
  const changedExperiments = new Feed<'changed'>()
  const changedStatus = new Feed<'changed'>()
  changedRuns.listen(() => changedStatus.publish('changed'))
  const measured = new Feed<MeasuredPoints>()
  const closing = new AbortController()
  const thinning = thinningCases({ store, changedRuns, closing: closing.signal })
  const supervisor = new Supervisor({
    store,
    slots,
    startWorker,
    freeBytes: options.freeBytes ?? (() => freeBytesOf(store.folder)),
    reservedBytes: RESERVED_BYTES,
    onRunChange(runId) {
      changedRuns.publish(runId)
      const state = store.runs.get(runId)?.state
      if (state !== undefined && hasEnded(state)) measured.publish({ runId, points: [] })
      if (state === 'finished') void thinning.thinFinished(runId)
    },
    onMetrics: (runId, points) => measured.publish({ runId, points }),
  })
  const context: LabContext = {
    store,
    supervisor,
    startWorker,
    changedRuns,
    changedExperiments,
    changedStatus,
    measured,
    closing: closing.signal,
    metricHistories: new MetricHistories(store),
    runHistories: new RunHistories(store),
  }

  if (train) supervisor.start()

  const trash = trashCases(context)
  const episodes = episodeCases(context)
  const checkpoints = { ...checkpointCases(context), ...thinning }
  const runs = runCases(context, trash)
  const experiments = experimentCases(context, options.planTransfer ?? planTransfer, trash)
  const comparisons = comparisonCases(context)
  const agents = checkpointAgents(context)
  const fresh = freshCases({ context, agents })
  const opener = episodeOpener({
    context,
    agents,
    episodes,
    fresh,
    kept: keptReader(context),
    getRun: runs.get,
  })
  const replayParts = { context, agents, opener }
  const reproductions = reproductionCases(context, experiments, comparisons, checkpoints)
  if (train) reproductions.goOn()
  return {
    folder: store.folder,
    ...statusCases(context),
    presets: presetDescriptions,
    targets: targetDescriptions,
    settings: settingDescriptions,
    experiments,
    runs,
    emptyTrash: trash.emptyTrash,
    comparisons,
    reports: reportCases(context, comparisons),
    reproductions,
    transfers: transferCases(context),
    drafts: draftCases(context),
    metrics: metricCases(context),
    episodes,
    failures: failureCases(context),
    checkpoints,
    replays: {
      ...replayCases(replayParts),
      ...branchCases(replayParts),
      rollOut: fresh.rollOut,
      ...judgementCases(replayParts),
    },
    keptEpisodes: keptEpisodeCases(context, opener),
    marks: markCases(context),
    tasks: taskCases,
    /** The recorded frames of an episode that has some. */
    frames: episodes.frames,
    /** The networks of a checkpoint. */
    checkpointBundle: checkpoints.bundle,
    ...factCases(context),
    backups: backupCases(context),
    archives: archiveCases(context),
    databaseSizes: () => store.sizes.all(),
    /** Trains what waits in one experiment and nothing else, in a lab that was opened without training. */
    trainOnly: (experimentId: number) => supervisor.start(experimentId),
    /** Resolves when nothing trains and nothing can be started. */
    whenIdle: () => supervisor.whenIdle(),
    /** Given when the lab closes. */
    closing: closing.signal,
    /** Runs in progress write a checkpoint and are then `interrupted`; watchers end. */
    async close(): Promise<void> {
      await supervisor.close()
      closing.abort()
      store.close()
    },
  }
}

/** Runs that a crash left in the hands of a worker. */
function interruptLeftovers(store: Store): void {
  const text = 'The lab ended while this run trained. Resume it to go on from its last checkpoint.'
  for (const id of store.runs.interruptLeftovers(text))
    store.events.insert(id, { kind: 'interrupted', text, at: Date.now() })
}
