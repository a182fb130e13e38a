import { type Phase, type TransferRequest, transferRequest } from '../../../src-main/contract/transfer.ts'
import { planTransfer } from '../../../src-main/lab/transfer.ts'
import { createStreams, type Random } from '../../../src-main/random.ts'
import { openStore } from '../../../src-main/store/open.ts'
import type { Store } from '../../../src-main/store/store.ts'
import type { EpisodeRecord } from '../../../src-main/training/messages.ts'

/**
 * A lab of made-up numbers, as large as a busy one gets: 10,000 runs; `measured` of them with episodes and 20 metrics; one with a curve of a million points.
 * Only for timing: nothing here was learnt.
 */
export interface MadeLab {
  runs: number
  measured: number
  points: number
  /** Run with the long curve, and the name of that metric. */
  longRun: number
  longMetric: string
}

const RUNS_PER_EXPERIMENT = 20
const METRICS = 20
const POINTS_PER_METRIC = 400
const EPISODES = 500

export async function makeLab(
  folder: string,
  { runs = 10_000, measured = 50, points = 1_000_000 } = {},
): Promise<MadeLab> {
  const store = await openStore(folder)
  try {
    const random = createStreams(0).environment
    const ids = insertRuns(store, runs)
    for (const id of ids.slice(0, measured)) measure(store, id, random)
    const longRun = ids[measured] ?? ids[0] ?? 0
    const longMetric = 'criticLoss'
    insertLongCurve(store, longRun, longMetric, points, random)
    return { runs: ids.length, measured, points, longRun, longMetric }
  } finally {
    store.close()
  }
}

/** A lab of one sweep: `runs` fine-tuning runs of two methods, in which five settings were drawn at random. Gives their ids. */
export async function makeSweep(folder: string, runs = 500): Promise<number[]> {
  const store = await openStore(folder)
  try {
    const seeds = [0, 1, 2, 3, 4]
    const all = insertExperiment(store, 0, {
      environment: 'drunk-spider',
      methods: ['sqrl', 'sac'],
      seeds,
      targetTask: { noise: { uniform: [0.05, 0.5] } },
      settings: {
        'finetune.sac.learningRate': { logUniform: [1e-5, 1e-2] },
        'finetune.sac.batchSize': { each: [64, 128] },
        'finetune.sac.targetRate': { uniform: [0.001, 0.01] },
        'finetune.sac.discount': { uniform: [0.9, 0.99] },
      },
      draws: { count: Math.ceil(runs / 20) },
    })
    const random = createStreams(0).environment
    const ids = all.flatMap(({ id, phase }) => (phase === 'finetune' ? [id] : []))
    for (const id of ids) measure(store, id, random, { metricCount: 1, episodeCount: 50 })
    return ids
  } finally {
    store.close()
  }
}

function insertRuns(store: Store, count: number): number[] {
  const ids: number[] = []
  for (let experiment = 0; ids.length < count; experiment++) {
    const inserted = insertExperiment(store, experiment, {
      environment: 'drunk-spider',
      methods: ['sqrl', 'sac'],
      seeds: Array.from({ length: RUNS_PER_EXPERIMENT / 4 }, (_, seed) => seed),
      settings: { 'sqrl.epsilonSafe': (experiment % 20) / 40 },
    })
    ids.push(...inserted.map(({ id }) => id))
  }
  return ids
}

function insertExperiment(
  store: Store,
  number: number,
  input: TransferRequest,
): { id: number; phase: Phase }[] {
  const request = transferRequest.parse(input)
  return store.transaction(() => {
    const name = `Made-up experiment ${number}`
    const createdAt = Date.UTC(2026, 0, 1) + number * 60_000
    const { id: experimentId } = store.experiments.insert({ name, createdAt, request })
    const byKey = new Map<string, number>()
    return planTransfer(request).map(({ key, startsFrom, specification }) => {
      const pretrainRunId = startsFrom === null ? null : (byKey.get(startsFrom) ?? null)
      const { id } = store.runs.insert({ experimentId, pretrainRunId, specification, createdAt })
      store.runs.updateState(id, { state: 'finished', at: createdAt + 600_000 })
      byKey.set(key, id)
      return { id, phase: specification.phase }
    })
  })
}

function measure(
  store: Store,
  runId: number,
  random: Random,
  { metricCount = METRICS, episodeCount = EPISODES } = {},
): void {
  const steps = 3000
  const metrics = Array.from({ length: POINTS_PER_METRIC }, (_, index) => ({
    step: Math.round(((index + 1) * steps) / POINTS_PER_METRIC),
    values: Object.fromEntries(
      Array.from({ length: metricCount }, (_, metric) => [`made.${metric}`, random.normal()]),
    ),
  }))
  const episodes = Array.from({ length: episodeCount }, (_, index): EpisodeRecord => {
    const failed = random.uniform() < 0.05
    return {
      index,
      kind: 'training',
      step: Math.round(((index + 1) * steps) / episodeCount),
      return: 40 + random.normal(),
      length: 6,
      outcome: failed ? 'failure' : 'success',
      cause: failed ? 'made up' : null,
      finalQSafe: random.uniform(),
      warningLead: failed ? 0 : null,
      frames: null,
      replacesFramesOf: null,
    }
  })
  store.applyBatch(runId, {
    step: steps,
    environmentSteps: steps,
    stepsPerSecond: 300,
    trainedSeconds: 10,
    recentReturn: 40,
    metrics,
    episodes,
    evaluations: [],
  })
}

function insertLongCurve(store: Store, runId: number, name: string, points: number, random: Random): void {
  const batchSize = 10_000
  let level = 0
  for (let from = 1; from <= points; from += batchSize) {
    const metrics = Array.from({ length: Math.min(batchSize, points - from + 1) }, (_, index) => {
      level += 0.01 * random.normal()
      // One lone spike in a thousand points, which thinning must keep.
      const spike = (from + index) % 1000 === 0 ? 5 : 0
      return { step: from + index, values: { [name]: level + spike + 0.1 * random.normal() } }
    })
    store.applyBatch(runId, {
      step: from + metrics.length - 1,
      environmentSteps: from,
      stepsPerSecond: 300,
      trainedSeconds: 1,
      recentReturn: null,
      metrics,
      episodes: [],
      evaluations: [],
    })
  }
}
