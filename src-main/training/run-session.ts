import type { MeasuredThreshold } from '../algorithms/threshold.ts'
import type { MetricPoint } from '../contract/metrics.ts'
import type { Provenance, RunState } from '../contract/runs.ts'
import { parseFromWorker } from './from-worker.ts'
import type { CheckpointParts, FromWorker, ToWorker, TrainingBatch } from './messages.ts'
import type { StartWorker, WorkerExit, WorkerProcess } from './worker-process.ts'

/** Why a worker was asked to leave; the later in this list wins. yield: others need its slot, and the run waits again. */
const intents = ['yield', 'close', 'pause', 'stop'] as const
export type Intent = (typeof intents)[number]

export interface Ending {
  state: Extract<RunState, 'queued' | 'finished' | 'paused' | 'stopped' | 'interrupted' | 'failed'>
  error: string | null
  errorDetail: string | null
}

/** Where a session writes; anything thrown ends the session, as what a worker says must be recorded or not count. */
export interface SessionRecorder {
  ready(provenance: Provenance): void
  calibrated(threshold: MeasuredThreshold): void
  batch(batch: TrainingBatch): void
  checkpoint(batch: TrainingBatch, checkpoint: CheckpointParts): void
  metrics(points: MetricPoint[]): void
  /** Called once, as soon as it is known how the run ends; never throws. */
  ending(ending: Ending): void
  /** Called once, after `ending`, when the process is gone. */
  gone(): void
}

/** One worker training one run: starting or training, then perhaps asked to leave, then ended, then gone. */
export class RunSession {
  readonly #runId: number
  readonly #recorder: SessionRecorder
  readonly #worker: WorkerProcess
  #intent: Intent | null = null
  #ended = false
  #deadline: NodeJS.Timeout | null = null
  #overdue = false

  constructor(runId: number, startWorker: StartWorker, recorder: SessionRecorder) {
    this.#runId = runId
    this.#recorder = recorder
    this.#worker = startWorker()
    this.#worker.onMessage((message) => this.#receive(message))
    this.#worker.onExit((exit) => this.#exit(exit))
  }

  send(message: Extract<ToWorker, { type: 'start' }>): void {
    this.#worker.send(message)
  }

  /** Asks for a checkpoint and the worker's leave; it is killed if it is still there after `graceMillis`. */
  leave(intent: Intent, graceMillis: number): void {
    if (this.#intent === null && !this.#ended) this.#worker.send({ type: 'stop' })
    if (this.#intent === null || intents.indexOf(intent) > intents.indexOf(this.#intent))
      this.#intent = intent
    this.#killAfter(graceMillis)
  }

  get isLeaving(): boolean {
    return this.#intent !== null || this.#ended
  }

  /** Ends the session for a reason of the lab's own, without a checkpoint. */
  abort(state: 'interrupted' | 'failed', error: string, errorDetail: string | null = null): void {
    this.#end({ state, error, errorDetail })
    this.#worker.kill()
  }

  #receive(message: unknown): void {
    if (this.#ended) return
    let parsed: FromWorker
    try {
      parsed = parseFromWorker(message)
    } catch (error) {
      this.abort(
        'failed',
        'The training process sent a message that the lab does not understand.',
        String(error),
      )
      return
    }
    try {
      this.#record(parsed)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.abort(
        'interrupted',
        `What run ${this.#runId} measured could not be recorded: ${reason}`,
        stackOf(error),
      )
    }
  }

  #record(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#recorder.ready(message.provenance)
        break
      case 'calibrated':
        this.#recorder.calibrated(message.threshold)
        break
      case 'batch':
        this.#recorder.batch(message.batch)
        this.#recorder.metrics(message.batch.metrics)
        break
      case 'checkpoint':
        this.#recorder.checkpoint(message.batch, message.checkpoint)
        this.#worker.send({ type: 'committed', step: message.checkpoint.step })
        this.#recorder.metrics(message.batch.metrics)
        break
      case 'finished':
        this.#end({ state: 'finished', error: null, errorDetail: null })
        break
      case 'stopped':
        this.#end(this.#leftEnding())
        break
      case 'failed':
        this.#end({ state: 'failed', error: message.message, errorDetail: message.detail })
        break
    }
  }

  #leftEnding(): Ending {
    if (this.#intent === 'stop') return { state: 'stopped', error: null, errorDetail: null }
    if (this.#intent === 'pause') return { state: 'paused', error: null, errorDetail: null }
    if (this.#intent === 'yield') return { state: 'queued', error: null, errorDetail: null }
    const error =
      this.#intent === 'close'
        ? `The lab was closed while run ${this.#runId} trained. Resume it to go on from its last checkpoint.`
        : `The training process of run ${this.#runId} left unasked. Resume it to go on from its last checkpoint.`
    return { state: 'interrupted', error, errorDetail: null }
  }

  #end(ending: Ending): void {
    if (this.#ended) return
    this.#ended = true
    this.#recorder.ending(ending)
    // A worker that has said its last word has no reason to stay.
    this.#killAfter(10_000)
  }

  #exit(exit: WorkerExit): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    const how = this.#overdue
      ? 'was ended because it wrote no checkpoint in time'
      : `ended unexpectedly (${describeExit(exit)})`
    this.#end({
      state: 'interrupted',
      error: `The training process of run ${this.#runId} ${how}. Resume the run to go on from its last checkpoint.`,
      errorDetail: exit.stderr === '' ? null : exit.stderr,
    })
    this.#recorder.gone()
  }

  #killAfter(millis: number): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => {
      this.#overdue = true
      this.#worker.kill()
    }, millis)
  }
}

function describeExit({ code, signal, stderr }: WorkerExit): string {
  if (signal !== null) return `signal ${signal}`
  if (code !== null) return `exit code ${code}`
  return stderr === '' ? 'it could not be started' : stderr
}

function stackOf(error: unknown): string | null {
  return error instanceof Error ? (error.stack ?? null) : null
}
