import { methods } from '../algorithms/registry.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import type { DryRunMeasurement, DryRunProgress, DryRunResult } from '../contract/transfer-measurements.ts'
import { encodeArrays } from '../store/array-codec.ts'
import type { CheckpointParts, TrainingBatch } from '../training/messages.ts'
import { paceOf, WARM_UP_BATCHES } from '../training/pace.ts'
import { type Ending, RunSession } from '../training/run-session.ts'
import type { StartWorker } from '../training/worker-process.ts'
import { LabError } from './errors.ts'
import { type EstimatedRun, estimate } from './estimate.ts'
import type { PlannedRun } from './experiments.ts'

export interface Rehearsal {
  plan: readonly PlannedRun[]
  slots: number
  secondsEach: number
  trainingBeside: number
  startWorker: StartWorker
}

const LEAVE_GRACE_MILLIS = 20_000
const REPORT_MILLIS = 250

interface Measured extends DryRunMeasurement {
  /** Of the settings that were measured. */
  settings: string
  resumeBytes: number
  /** Of the recorded failures, per policy step; early training fails most, so this is the most it can be. */
  frameBytesPerStep: number
}

/**
 * Trains each method and phase of a plan for a few seconds in real workers, as many at once as will train at once, and works out what the whole
 * would take. Nothing is written anywhere; the workers are gone when this ends, however it ends.
 */
export async function* rehearse(
  { plan, slots, secondsEach, trainingBeside, startWorker }: Rehearsal,
  signal: AbortSignal,
): AsyncGenerator<DryRunProgress, void, undefined> {
  const waiting = kindsOf(plan)
  const total = waiting.length
  const done: Measured[] = []
  const shares = new Map<RunSpecification, number>()
  let failure: string | null = null
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])

  const work = async () => {
    for (let next = waiting.shift(); next && !stop.aborted; next = waiting.shift()) {
      const specification = next
      const measured = await measure(
        specification,
        startWorker,
        secondsEach,
        (share) => shares.set(specification, share),
        stop,
      )
      if (measured) done.push(measured)
    }
  }
  const finished = Promise.all(Array.from({ length: Math.max(1, Math.min(slots, total)) }, work)).catch(
    (error: unknown) => {
      failure = error instanceof LabError ? error.message : 'The training process could not be measured.'
      ended.abort()
    },
  )
  const report = (rest: Partial<DryRunProgress> = {}): DryRunProgress => ({
    share: [...shares.values()].reduce((sum, share) => sum + share, 0) / Math.max(1, total),
    measurements: done.map(({ settings, resumeBytes, frameBytesPerStep, ...measurement }) => measurement),
    result: null,
    refusal: null,
    ...rest,
  })
  try {
    let isOver = false
    void finished.then(() => {
      isOver = true
    })
    while (!isOver) {
      yield report()
      await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, REPORT_MILLIS))])
    }
    if (signal.aborted) return
    yield failure === null
      ? report({ share: 1, result: { ...workOut(plan, done, slots), trainingBeside } })
      : report({ refusal: failure })
  } finally {
    ended.abort()
    await finished
  }
}

/** Seeds do not matter to the pace. Of a sweep over settings the first and the last of each method and phase are measured, and stand for those between. */
function kindsOf(plan: readonly PlannedRun[]): RunSpecification[] {
  const specifications = plan.map(({ specification }) => specification)
  const kinds = Map.groupBy(specifications, ({ method, phase }) => `${method} ${phase}`)
  return [...kinds.values()].flatMap((runs) => {
    const bySettings = new Map(runs.map((run) => [JSON.stringify(run.settings), run]))
    const variants = [...bySettings.values()]
    return variants.length > 2 ? [...variants.slice(0, 1), ...variants.slice(-1)] : variants
  })
}

function measure(
  specification: RunSpecification,
  startWorker: StartWorker,
  seconds: number,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Measured | null> {
  return new Promise((resolve, reject) => {
    const batches: TrainingBatch[] = []
    let checkpoint: CheckpointParts | null = null
    let ending: Ending | null = null
    let measuredSeconds = 0
    const take = (batch: TrainingBatch) => {
      batches.push(batch)
      if (batches.length > WARM_UP_BATCHES) measuredSeconds += batch.trainedSeconds
      onShare(Math.min(1, measuredSeconds / seconds))
    }
    const session = new RunSession(0, startWorker, {
      ready: () => {},
      calibrated: () => {},
      batch(batch) {
        take(batch)
        if (measuredSeconds >= seconds) session.leave('stop', LEAVE_GRACE_MILLIS)
      },
      checkpoint(batch, parts) {
        if (batches.length <= WARM_UP_BATCHES) take(batch)
        checkpoint = parts
      },
      metrics: () => {},
      ending(how) {
        ending = how
      },
      gone() {
        signal.removeEventListener('abort', cancel)
        if (signal.aborted) return resolve(null)
        if (ending?.state === 'stopped' || ending?.state === 'finished')
          return resolve(summarize(specification, batches, checkpoint))
        const { method, phase } = specification
        const why = ending?.error ?? 'Its process ended.'
        reject(new LabError('CONFLICT', `${method} could not be measured in its ${phase} phase. ${why}`))
      },
    })
    const cancel = () => session.abort('interrupted', 'The measurement was cancelled.')
    signal.addEventListener('abort', cancel)
    session.send({ type: 'start', specification: shorten(specification), pretrained: null, resume: null })
    if (signal.aborted) cancel()
  })
}

/** The same work per step, without the quiet beginning and in shorter rounds; no checkpoint but the last. */
function shorten(specification: RunSpecification): RunSpecification {
  const { method, settings } = specification
  const steps = Math.max(specification.steps, 100_000)
  return {
    ...specification,
    steps,
    settings: methods[method].rehearse(settings),
    recording: { checkpointEvery: 2 * steps, metricsEvery: 50, failureFramesLimit: null },
  }
}

function summarize(
  { method, phase, settings }: RunSpecification,
  batches: readonly TrainingBatch[],
  checkpoint: CheckpointParts | null,
): Measured {
  const pace = paceOf(
    batches.flatMap((batch, index) => {
      const steps = batch.step - (batches[index - 1]?.step ?? 0)
      const isWarm = index >= Math.min(WARM_UP_BATCHES, batches.length - 1)
      return isWarm ? [{ steps, seconds: batch.trainedSeconds }] : []
    }),
  )
  const memory = batches.flatMap(({ metrics }) => metrics.map(({ values }) => values.memoryMegabytes ?? 0))
  const frames = batches.flatMap(({ episodes }) => episodes.map((episode) => episode.frames))
  const frameBytes = frames.reduce(
    (sum, kept) => sum + (kept ? sizeOf(Object.values(kept).filter((part) => ArrayBuffer.isView(part))) : 0),
    0,
  )
  return {
    method,
    phase,
    settings: JSON.stringify(settings),
    stepsPerSecond: pace.mean,
    low: pace.low,
    high: pace.high,
    memoryMegabytes: memory.length === 0 ? null : Math.max(...memory),
    checkpointBytes: checkpoint ? encodeArrays(checkpoint.networks).byteLength : 0,
    resumeBytes: checkpoint ? encodeArrays(checkpoint.resume).byteLength : 0,
    frameBytesPerStep: frameBytes / Math.max(1, batches.at(-1)?.step ?? 1),
  }
}

const sizeOf = (arrays: readonly { byteLength: number }[]) =>
  arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)

function workOut(
  plan: readonly PlannedRun[],
  measured: readonly Measured[],
  slots: number,
): Omit<DryRunResult, 'trainingBeside'> {
  const known = new Map<RunSpecification, Measured | undefined>()
  const of = (run: RunSpecification) => {
    const found = known.has(run) ? known.get(run) : standIn(run, measured)
    known.set(run, found)
    return found
  }
  const bytes = plan.reduce(
    (sum, { specification }) => {
      const found = of(specification)
      const { steps, recording } = specification
      const networks = (found?.checkpointBytes ?? 0) * Math.ceil(steps / recording.checkpointEvery)
      const frames = (found?.frameBytesPerStep ?? 0) * steps
      const fixed = networks + (found?.resumeBytes ?? 0)
      return { low: sum.low + fixed, high: sum.high + fixed + frames + steps * BOOK_KEEPING_BYTES_PER_STEP }
    },
    { low: 0, high: 0 },
  )
  const memory = measured.flatMap(({ memoryMegabytes }) =>
    memoryMegabytes === null ? [] : [memoryMegabytes],
  )
  const atOnce = Math.min(slots, plan.length)
  return {
    seconds: {
      low: secondsAt(plan, slots, (run) => of(run)?.high ?? 1),
      high: secondsAt(plan, slots, (run) => of(run)?.low ?? 1),
    },
    bytes,
    memoryMegabytes: memory.length === 0 ? null : atOnce * Math.max(...memory),
    slots,
  }
}

/** What was measured of the very settings, or all that was of the method and phase, from the slowest and largest to the fastest. */
function standIn({ method, phase, settings }: RunSpecification, measured: readonly Measured[]) {
  const alike = measured.filter((found) => found.method === method && found.phase === phase)
  const text = JSON.stringify(settings)
  const exact = alike.find((found) => found.settings === text)
  const [first] = alike
  if (exact || !first) return exact
  const greatest = (pick: (found: Measured) => number) => Math.max(...alike.map(pick))
  return {
    ...first,
    low: Math.min(...alike.map(({ low }) => low)),
    high: greatest(({ high }) => high),
    checkpointBytes: greatest(({ checkpointBytes }) => checkpointBytes),
    resumeBytes: greatest(({ resumeBytes }) => resumeBytes),
    frameBytesPerStep: greatest(({ frameBytesPerStep }) => frameBytesPerStep),
  }
}

/** Metric points and episodes, as they came out over whole runs. */
const BOOK_KEEPING_BYTES_PER_STEP = 30

/** By the rule that the lab starts its runs by. */
function secondsAt(
  plan: readonly PlannedRun[],
  slots: number,
  speedOf: (specification: RunSpecification) => number,
): number {
  const ids = new Map(plan.map(({ key }, index) => [key, index + 1]))
  const runs = plan.map(
    ({ key, startsFrom, specification }): EstimatedRun => ({
      id: ids.get(key) ?? 0,
      pretrainRunId: startsFrom === null ? null : (ids.get(startsFrom) ?? null),
      pretrainCheckpointId: null,
      specification,
      state: 'queued',
      step: 0,
      stepsPerSecond: speedOf(specification),
      trainedSeconds: 0,
    }),
  )
  return estimate(runs, slots).secondsLeft?.high ?? 0
}
