import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { experimentResult, until } from './comparison.ts'
import {
  calibrationProgress,
  calibrationRequest,
  comparedRuns,
  comparisonCurves,
  comparisonStatistics,
  comparisonView,
  curvesRequest,
  savedComparison,
  settingDifferences,
  statisticsRequest,
} from './comparisons.ts'
import { episodeReference, keptEpisode } from './episode-references.ts'
import { episode } from './episodes.ts'
import { failureTrial, failureTrialRequest } from './failure-trial.ts'
import {
  failure,
  failureFilter,
  failureNeighbours,
  failureOrder,
  failurePaths,
  failureScope,
  failureSummary,
} from './failures.ts'
import { fileProgress, labFacts, machineCheck, openLabHow, ticket } from './files.ts'
import { labStatus, presetDescription, targetDescription } from './lab.ts'
import { checkpointRule, thinning, thinningRequest } from './lab-settings.ts'
import {
  latestValues,
  metricHistory,
  metricPoint,
  metricQuery,
  metricWindow,
  metricWindowQuery,
} from './metrics.ts'
import { id, stepCount } from './numbers.ts'
import { comparisonProfiles, profilesRequest } from './profiles.ts'
import {
  branchRequest,
  episodeMark,
  field,
  fieldRequest,
  judgement,
  judgementRequest,
  newEpisodeMark,
  replay,
  rolloutRequest,
  rolloutScene,
  rolloutSceneQuery,
  simulationProgress,
  verification,
} from './replays.ts'
import { reportRequest } from './reports.ts'
import {
  reproductionChoice,
  reproductionProgress,
  reproductionQuery,
  reproductionStanding,
} from './reproductions.ts'
import {
  checkpoint,
  checkpointDownload,
  commandProgress,
  note,
  run,
  runCommand,
  runEvent,
  tag,
} from './runs.ts'
import { sceneDescription } from './scenes.ts'
import { experiment, settingDescription, task, transferRequest } from './transfer.ts'
import { draftToSave, savedDraft } from './transfer-drafts.ts'
import {
  dryRunProgress,
  dryRunRequest,
  expectedWidth,
  thresholdProgress,
  thresholdRequest,
} from './transfer-measurements.ts'
import { planQuery, transferPlan, uncheckedRequest } from './transfer-plan.ts'

export * from './comparison.ts'
export * from './comparisons.ts'
export * from './episode-references.ts'
export * from './episodes.ts'
export * from './failure-trial.ts'
export * from './failures.ts'
export * from './files.ts'
export * from './lab.ts'
export * from './lab-settings.ts'
export * from './metrics.ts'
export * from './numbers.ts'
export * from './packed-arrays.ts'
export * from './profiles.ts'
export * from './replays.ts'
export * from './reports.ts'
export * from './reproductions.ts'
export * from './runs.ts'
export * from './scenes.ts'
export * from './setting-values.ts'
export * from './transfer.ts'
export * from './transfer-drafts.ts'
export * from './transfer-measurements.ts'
export * from './transfer-plan.ts'
export * from './wire.ts'

const byId = z.object({ id })

/** Errors that cross the border. `CONFLICT`: the thing is not in a state that allows this. `INVALID`: the input makes no sense as a whole. */
const base = oc.errors({
  NOT_FOUND: { status: 404 },
  CONFLICT: { status: 409 },
  INVALID: { status: 422 },
})

/** Every call and event between the lab and its windows, once. */
export const contract = {
  lab: {
    status: base.output(labStatus),
    /** The status now, and again whenever it changes. */
    watch: base.output(eventIterator(labStatus)),
    facts: base.output(labFacts),
    /** Looks at the machine; takes some seconds. */
    examine: base.output(z.array(machineCheck)),
    /** Asks the user for another lab and opens it in place of this one; false where the user thought better of it. */
    openAnother: base.input(z.object({ how: openLabHow })).output(z.object({ isOpening: z.boolean() })),
    presets: base.output(z.array(presetDescription)),
    /** The paper's target tasks by name. */
    targets: base.output(z.array(targetDescription)),
    /** How many runs train at once from now on; of too many, the youngest write a checkpoint and wait again. */
    setSlots: base.input(z.object({ slots: z.int().min(1).max(256) })).output(labStatus),
    /** Deletes for good what is in the trash. */
    emptyTrash: base.output(z.object({ runs: z.int(), experiments: z.int() })),
    /** Settings of all methods and parameters of all environments, for labels, units and help. */
    settings: base.output(z.array(settingDescription)),
  },
  /** What leaves the lab as a file or comes in as one. */
  files: {
    backUp: base.output(eventIterator(fileProgress)),
    exportExperiment: base.input(byId).output(eventIterator(fileProgress)),
    /** An experiment or compared runs as one page of HTML. */
    exportReport: base.input(reportRequest).output(eventIterator(fileProgress)),
    /** Figures, tables and report of a reproduction as one zip. */
    exportReproduction: base.input(reproductionQuery).output(eventIterator(fileProgress)),
    /** One episode as a file of its own. */
    exportEpisode: base.input(episodeReference).output(eventIterator(fileProgress)),
    /** Takes in an experiment, or one episode. */
    importExperiment: base.input(z.object({ ticket: ticket.nullable() })).output(eventIterator(fileProgress)),
    /** Gives the database's unused space back to the disk; yields the share that is done. */
    compact: base.output(eventIterator(z.object({ share: z.number() }))),
  },
  experiments: {
    list: base.output(z.array(experiment)),
    get: base.input(byId).output(experiment),
    start: base.input(transferRequest).output(experiment),
    compare: base.input(byId.extend({ until: until.default('end') })).output(experimentResult),
    /** All experiments, and again whenever one was added, named, noted, deleted or restored. */
    watch: base.output(eventIterator(z.array(experiment))),
    annotate: base
      .input(z.object({ id, name: experiment.shape.name.optional(), note: note.optional() }))
      .output(experiment),
    /** Takes the experiment and its runs into the trash; gives the ids of the runs, also those that started from its pre-training and went along. */
    delete: base
      .input(z.object({ id, withFinetuning: z.boolean().default(false) }))
      .output(z.object({ runs: z.array(id) })),
    restore: base.input(byId).output(experiment),
  },
  comparisons: {
    curves: base.input(curvesRequest).output(comparisonCurves),
    statistics: base.input(statisticsRequest).output(comparisonStatistics),
    differences: base.input(comparedRuns).output(settingDifferences),
    profiles: base.input(profilesRequest).output(comparisonProfiles),
    /** Probes the safety critics of the runs with fresh episodes, one run after the other. */
    calibrate: base.input(calibrationRequest).output(eventIterator(calibrationProgress)),
    list: base.output(z.array(savedComparison)),
    get: base.input(byId).output(savedComparison),
    save: base
      .input(z.object({ name: savedComparison.shape.name, view: comparisonView }))
      .output(savedComparison),
    /** What is left out stays as it is. */
    update: base
      .input(z.object({ id, name: savedComparison.shape.name.optional(), view: comparisonView.optional() }))
      .output(savedComparison),
    delete: base.input(byId),
  },
  /** The paper's figures from the runs of the lab, beside the paper's claims. */
  reproductions: {
    choice: base.output(reproductionChoice),
    /** One finding after the other, as each is worked out. */
    findings: base.input(reproductionQuery).output(eventIterator(reproductionProgress)),
    standing: base.input(reproductionQuery).output(reproductionStanding),
    /** Starts what is missing, and later what has to wait for its pre-training. */
    start: base.input(reproductionQuery).output(reproductionStanding),
    /** Starts nothing more; runs that train or wait are left as they are. */
    stop: base.input(reproductionQuery).output(reproductionStanding),
  },
  transfers: {
    /** What a request would start, or what is wrong with it; nothing is written. */
    plan: base.input(planQuery).output(transferPlan),
    /** Trains each method and phase for a few seconds; leaving the stream cancels it. Nothing is kept. */
    dryRun: base.input(dryRunRequest).output(eventIterator(dryRunProgress)),
    expectedWidth: base.input(z.object({ request: uncheckedRequest })).output(z.array(expectedWidth)),
    /** Probes the safety critic of a pre-training run with fresh episodes. */
    thresholds: base.input(thresholdRequest).output(eventIterator(thresholdProgress)),
  },
  drafts: {
    /** Transfers that are being set up, the latest first. */
    list: base.output(z.array(savedDraft)),
    get: base.input(byId).output(savedDraft),
    save: base.input(draftToSave).output(savedDraft),
    remove: base.input(byId).output(z.void()),
  },
  runs: {
    list: base.output(z.array(run)),
    get: base.input(byId).output(run),
    /** All runs in parts, an empty batch, and then those that changed, in batches a few times a second. */
    watch: base.output(eventIterator(z.array(run))),
    pause: base.input(byId).output(run),
    resume: base.input(byId).output(run),
    stop: base.input(byId).output(run),
    extend: base.input(z.object({ id, steps: stepCount })).output(run),
    annotate: base
      .input(z.object({ id, note: note.optional(), tags: z.array(tag).max(50).optional() }))
      .output(run),
    /** Does the same to many runs, one after the other; one that is refused does not keep the others from it. Leaving the stream ends it. */
    act: base
      .input(z.object({ ids: z.array(id).min(1).max(100_000), command: runCommand }))
      .output(eventIterator(commandProgress)),
    /** What befell a run, oldest first. */
    log: base.input(byId).output(z.array(runEvent)),
    /** Deleted runs that can still be restored, the last deleted first. */
    trash: base.output(z.array(run)),
  },
  metrics: {
    /** Names of all metrics that any run has. */
    names: base.output(z.array(z.string())),
    /** Names of the metrics of one run. */
    namesOf: base.input(z.object({ runId: id })).output(z.array(z.string())),
    /** The last value of one metric in each run that has it, for a column of a table. */
    latest: base.input(z.object({ name: z.string() })).output(latestValues),
    history: base.input(metricQuery).output(metricHistory),
    /** Histories of any length, thinned out for drawing without losing a spike. */
    window: base.input(metricWindowQuery).output(metricWindow),
    /** New points of a run after `afterStep`, in batches, until the run ends or the caller leaves. */
    watch: base
      .input(metricQuery.extend({ afterStep: z.int().min(-1) }))
      .output(eventIterator(z.array(metricPoint))),
  },
  episodes: {
    /** Episodes of a run with an index of at least `fromIndex`, oldest first. */
    list: base
      .input(
        z.object({
          runId: id,
          fromIndex: z.int().nonnegative().default(0),
          limit: z.int().positive().max(10_000).default(10_000),
        }),
      )
      .output(z.array(episode)),
  },
  failures: {
    list: base.input(failureFilter).output(z.object({ total: z.int(), failures: z.array(failure) })),
    get: base.input(byId).output(failure),
    summarize: base.input(failureScope).output(failureSummary),
    /** The newest failure of a run that has its frames, and again whenever there is a newer one. */
    watchNewest: base.input(z.object({ runId: id })).output(eventIterator(failure)),
    /** The failures before and after one in an order. */
    neighbours: base.input(z.object({ id, order: failureOrder })).output(failureNeighbours),
    paths: base.input(z.object({ ids: z.array(id).max(500) })).output(failurePaths),
  },
  checkpoints: {
    get: base.input(byId).output(checkpoint),
    list: base.input(z.object({ runId: id })).output(z.array(checkpoint)),
    /** Its networks for other programs. */
    download: base.input(byId).output(checkpointDownload),
    /** Which checkpoints of a run are kept once it has finished. */
    rule: base.output(checkpointRule),
    setRule: base.input(checkpointRule).output(checkpointRule),
    /** Deletes checkpoints of finished runs for good, or only says which. */
    thinOut: base.input(thinningRequest).output(thinning),
  },
  replays: {
    get: base.input(episodeReference).output(replay),
    /** Simulations from a recorded frame, as each ends; they stop when the caller leaves. */
    branch: base.input(branchRequest).output(eventIterator(simulationProgress)),
    /** Fresh episodes, in the same way. */
    rollOut: base.input(rolloutRequest).output(eventIterator(simulationProgress)),
    rollOutScene: base.input(rolloutSceneQuery).output(rolloutScene),
    /** Re-simulates the recorded actions and compares every state. */
    verify: base.input(episodeReference).output(verification),
    judge: base.input(judgementRequest).output(judgement),
    field: base.input(fieldRequest).output(field),
  },
  /** Episodes that came in a file. */
  keptEpisodes: {
    list: base.output(z.array(keptEpisode)),
    remove: base.input(byId),
  },
  marks: {
    list: base.input(z.object({ episodeId: id })).output(z.array(episodeMark)),
    add: base.input(newEpisodeMark).output(episodeMark),
    rename: base.input(episodeMark.pick({ id: true, label: true })).output(episodeMark),
    remove: base.input(byId),
  },
  tasks: {
    /** Plays a sample of episodes and says what ended them; takes a few seconds. */
    tryFailures: base.input(failureTrialRequest).output(failureTrial),
    /** The scene of a task, its parameters parsed by the environment's own schema; for previews. */
    scene: base.input(task).output(sceneDescription),
    /** The same with its moving bodies where an episode starts: a pose of POSE_SIZE numbers for each. */
    preview: base.input(task).output(z.object({ scene: sceneDescription, poses: z.array(z.number()) })),
  },
}
export type Contract = typeof contract
