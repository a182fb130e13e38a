import { type Learner, trainingSettings } from '../algorithms/learner.ts'
import { methods } from '../algorithms/registry.ts'
import { mergeBundles } from '../algorithms/state.ts'
import type { MeasuredThreshold } from '../algorithms/threshold.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, streamRounds } from '../random.ts'
import { Evaluator, evaluationPoint } from './evaluation.ts'
import type { ToWorker, TrainingBatch } from './messages.ts'
import { connectToParent } from './parent-port.ts'
import { describeProvenance } from './provenance.ts'
import { RunRecorder } from './run-recorder.ts'

/** The training process of one run: no database, no window, only the two message unions. */

const BATCH_MILLIS = 400

type Start = Extract<ToWorker, { type: 'start' }>

const parent = await connectToParent()
let stopRequested = false
let onCommitted: () => void = () => {}

parent.onMessage((message) => {
  if (message.type === 'stop') stopRequested = true
  else if (message.type === 'committed') onCommitted()
  else
    train(message).catch((error: unknown) => {
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      parent.leave({ type: 'failed', message, detail: stack ?? message })
    })
})

async function train(start: Start): Promise<void> {
  const { specification } = start
  const { checkpointEvery, metricsEvery } = specification.recording
  const session = await Session.begin(start)
  parent.send({ type: 'ready', provenance: describeProvenance(compiledEngine.name) })
  const { learner } = session
  let checkpointStep = start.resume?.step ?? -1
  if (start.resume === null) await session.evaluateWhenDue()
  while (learner.step < specification.steps && !stopRequested) {
    await learner.advance()
    if (learner.step % metricsEvery === 0) session.measure()
    await session.evaluateWhenDue()
    if (learner.step % checkpointEvery === 0) {
      await session.checkpoint()
      checkpointStep = learner.step
    } else session.sendBatchWhenDue()
  }
  if (checkpointStep !== learner.step) await session.checkpoint()
  parent.leave({ type: learner.step >= specification.steps ? 'finished' : 'stopped' })
}

/** On the same held-out episodes for every run that starts from the same networks, whatever its seed. */
async function calibrate(
  learner: Learner,
  { task, settings }: RunSpecification,
): Promise<MeasuredThreshold | null> {
  const streams = createStreams(0, streamRounds.heldOut)
  const { randomStartFraction } = trainingSettings.parse(settings.training ?? {})
  const environment = await createEnvironment(task, streams.environment)
  return (await learner.calibrate?.({ environment, streams, randomStartFraction })) ?? null
}

class Session {
  readonly learner: Learner
  readonly #recorder: RunRecorder
  readonly #evaluator: Evaluator | null
  #metrics: TrainingBatch['metrics'] = []
  #evaluations: TrainingBatch['evaluations'] = []
  #lastBatch = performance.now()
  #lastBatchStep: number
  #lastPoint = performance.now()
  #lastPointStep: number

  private constructor(learner: Learner, recorder: RunRecorder, evaluator: Evaluator | null) {
    this.learner = learner
    this.#evaluator = evaluator
    this.#recorder = recorder
    this.#lastBatchStep = learner.step
    this.#lastPointStep = learner.step
  }

  static async begin({ specification, pretrained, resume }: Start): Promise<Session> {
    const streams = createStreams(specification.seed, streamRounds[specification.phase])
    let learner: Learner | null = null
    const recorder = new RunRecorder(specification, () => learner?.step ?? 0)
    learner = await methods[specification.method].create({
      engine: compiledEngine,
      streams,
      environment: await createEnvironment(specification.task, streams.environment),
      rolloutEnvironment: await createEnvironment(specification.task, streams.rolloutEnvironment),
      settings: specification.settings,
      phase: specification.phase,
      steps: specification.steps,
      observer: recorder,
    })
    if (resume) {
      learner.setNetworks(resume.networks)
      learner.setState(resume.resume)
      recorder.setState(resume.resume)
    } else if (pretrained) {
      learner.setNetworks(pretrained.networks)
      if (pretrained.state) learner.keepTransitions?.(pretrained.state)
      const threshold = await calibrate(learner, pretrained.specification)
      if (threshold) {
        recorder.useThreshold(threshold.epsilonSafe)
        parent.send({ type: 'calibrated', threshold })
      }
    }
    return new Session(learner, recorder, await Evaluator.create(specification))
  }

  /** Adds a metric point at the current step. */
  measure(): void {
    const now = performance.now()
    const point = this.#recorder.takeMetrics(this.learner.step)
    const seconds = (now - this.#lastPoint) / 1000
    point.values.stepsPerSecond = (this.learner.step - this.#lastPointStep) / seconds
    point.values.updatesPerSecond = this.#recorder.takeUpdateCount() / seconds
    point.values.memoryMegabytes = process.memoryUsage.rss() / 2 ** 20
    this.#metrics.push(point)
    this.#lastPoint = now
    this.#lastPointStep = this.learner.step
  }

  /** Measures the policy as it is at the current step. */
  async evaluateWhenDue(): Promise<void> {
    const { step } = this.learner
    if (!this.#evaluator?.isDue(step)) return
    const episodes = await this.#evaluator.evaluate(this.learner)
    this.#evaluations.push(...episodes)
    this.#metrics.push(evaluationPoint(step, episodes))
  }

  sendBatchWhenDue(): void {
    if (performance.now() - this.#lastBatch > BATCH_MILLIS)
      parent.send({ type: 'batch', batch: this.#takeBatch() })
  }

  /** Sends a checkpoint and waits until it is on disk. */
  async checkpoint(): Promise<void> {
    const { learner } = this
    const committed = new Promise<void>((resolve) => {
      onCommitted = resolve
    })
    const networks = learner.getNetworks()
    const resume = mergeBundles(learner.getState(), this.#recorder.getState())
    parent.send({
      type: 'checkpoint',
      batch: this.#takeBatch(),
      checkpoint: {
        step: learner.step,
        networks: { ...networks, values: { ...networks.values, episodeIndex: this.#recorder.episodeIndex } },
        resume,
      },
    })
    await committed
  }

  #takeBatch(): TrainingBatch {
    const now = performance.now()
    const seconds = (now - this.#lastBatch) / 1000
    const { step } = this.learner
    const batch: TrainingBatch = {
      step,
      environmentSteps: this.#recorder.environmentSteps,
      stepsPerSecond: (step - this.#lastBatchStep) / seconds,
      trainedSeconds: seconds,
      recentReturn: this.#recorder.recentReturn,
      metrics: this.#metrics,
      episodes: this.#recorder.takeEpisodes(),
      evaluations: this.#evaluations,
    }
    this.#metrics = []
    this.#evaluations = []
    this.#lastBatch = now
    this.#lastBatchStep = step
    return batch
  }
}
