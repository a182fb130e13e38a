import { methods } from '../../src-main/algorithms/registry.ts'
import type { StateBundle } from '../../src-main/algorithms/state.ts'
import type { RecordedFrames } from '../../src-main/contract/episodes.ts'
import type { EnvironmentName, RunSpecification } from '../../src-main/contract/transfer.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createEnvironment } from '../../src-main/environments/registry.ts'
import { planTransfer } from '../../src-main/lab/transfer.ts'
import { createStreams } from '../../src-main/random.ts'
import type { EpisodeRecord } from '../../src-main/training/messages.ts'
import { RunRecorder } from '../../src-main/training/run-recorder.ts'

/** Networks and recorded failures of a short real pre-training with small networks. */
export interface Trained {
  specification: RunSpecification
  networks: StateBundle
  failures: RecordedFrames[]
  /** All of them, failures with their frames. */
  episodes: EpisodeRecord[]
}

type Values = Record<string, number>

export async function trainBriefly(
  method: 'sqrl' | 'sac',
  steps: number,
  environment: EnvironmentName = 'drunk-spider',
  { settings, parameters }: { settings?: Values; parameters?: Values } = {},
): Promise<Trained> {
  const [planned] = planTransfer({
    environment,
    methods: [method],
    seeds: [7],
    pretrainSteps: steps,
    ...(parameters && { pretrainTask: parameters }),
    settings: {
      'sac.hiddenSizes': [16, 16],
      'sac.randomSteps': 50,
      'sac.learningStarts': 100,
      'sqrl.offlineSteps': 100,
      ...settings,
    },
  })
  if (!planned) throw new Error('The plan is empty.')
  const { specification } = planned
  const streams = createStreams(specification.seed)
  const recorder = new RunRecorder(specification, () => learner.step)
  const learner = await methods[method].create({
    engine: compiledEngine,
    streams,
    environment: await createEnvironment(specification.task, streams.environment),
    rolloutEnvironment: await createEnvironment(specification.task, streams.rolloutEnvironment),
    settings: specification.settings,
    phase: 'pretrain',
    steps,
    observer: recorder,
  })
  while (learner.step < steps) await learner.advance()
  const episodes = recorder.takeEpisodes()
  const failures = episodes.flatMap(({ frames }) => (frames ? [frames] : []))
  return { specification, networks: learner.getNetworks(), failures, episodes }
}
