import type { Episode, Run, SettingDescription } from '../../src-main/contract/index.ts'

type Changes = Partial<Omit<Run, 'specification'>> & { specification?: Partial<Run['specification']> }

/** A run that waits, with what a test is about changed. */
export function aRun(changes: Changes = {}): Run {
  const { specification, ...rest } = changes
  return {
    id: 1,
    experimentId: 1,
    pretrainRunId: null,
    pretrainCheckpointId: null,
    specification: {
      method: 'sqrl',
      phase: 'pretrain',
      seed: 0,
      task: { environment: 'drunk-spider', parameters: {} },
      steps: 1000,
      settings: {},
      recording: { checkpointEvery: 100, metricsEvery: 10, failureFramesLimit: null },
      ...specification,
    },
    state: 'queued',
    error: null,
    step: 0,
    environmentSteps: 0,
    episodes: 0,
    failures: 0,
    successes: 0,
    recentReturn: null,
    stepsPerSecond: null,
    trainedSeconds: 0,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    provenance: null,
    note: '',
    tags: [],
    deletedAt: null,
    ...rest,
  }
}

export function anEpisode(changes: Partial<Episode> = {}): Episode {
  return {
    id: 1,
    runId: 1,
    index: 0,
    kind: 'training',
    step: 10,
    return: 1,
    length: 10,
    outcome: 'success',
    cause: null,
    finalQSafe: null,
    warningLead: null,
    hasFrames: false,
    ...changes,
  }
}

export function aDescription(changes: Partial<SettingDescription> = {}): SettingDescription {
  return {
    name: 'noise',
    group: 'drunk-spider',
    symbol: null,
    unit: null,
    help: '',
    kind: 'number',
    choices: null,
    minimum: null,
    maximum: null,
    default: 0,
    ...changes,
  }
}
