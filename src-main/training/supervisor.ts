import type { MetricPoint } from '../contract/metrics.ts'
import type { Run, RunState } from '../contract/runs.ts'
import { LabError } from '../store/errors.ts'
import type { StateChange } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { assertContinuable, dropLargeBuffers, prepareStart } from './continuation.ts'
import { DiskRoom } from './disk-room.ts'
import type { TrainingBatch } from './messages.ts'
import { Pace } from './pace.ts'
import { PendingStates } from './pending-states.ts'
import { type Ending, RunSession } from './run-session.ts'
import { writeThreshold } from './threshold-record.ts'
import type { StartWorker } from './worker-process.ts'

export interface SupervisorOptions {
  store: Store
  /** How many runs train at once. */
  slots: number
  startWorker: StartWorker
  onRunChange: (runId: number) => void
  onMetrics: (runId: number, points: MetricPoint[]) => void
  /** How long a worker that was asked to leave may take for its checkpoint; then it is killed. */
  leaveGraceMillis?: number
  /** The same when the lab closes. */
  closeGraceMillis?: number
  /** Replay buffers of a finished run are kept up to this size, so that extending the run continues it exactly. */
  keptResumeBytes?: number
  /** Free bytes of the lab's disk; without it nothing is watched. */
  freeBytes?: () => number
  /** Below this, runs pause and none is started: room for the checkpoints that they pause with, and for the user to act. */
  reservedBytes?: number
}

/**
 * Gives the store's queued runs to workers, as many at once as there are slots, and writes down what becomes of them. It starts
 * nothing again by itself: a run whose worker dies waits as `interrupted` for its user.
 */
export class Supervisor {
  readonly #options: Required<SupervisorOptions>
  readonly #store: Store
  readonly #sessions = new Map<number, RunSession>()
  readonly #paces = new Map<number, Pace>()
  readonly #pending: PendingStates
  readonly #room: DiskRoom
  #scheduling: 'not yet' | 'on' | 'closed' = 'not yet'
  #slots: number
  /** The only experiment whose runs are started; null: all. */
  #experimentId: number | null = null
  #idleWaiters: (() => void)[] = []

  constructor(options: SupervisorOptions) {
    this.#options = {
      leaveGraceMillis: 60_000,
      closeGraceMillis: 20_000,
      keptResumeBytes: 128 * 2 ** 20,
      freeBytes: () => Number.POSITIVE_INFINITY,
      reservedBytes: 512 * 2 ** 20,
      ...options,
    }
    this.#store = options.store
    this.#slots = options.slots
    this.#pending = new PendingStates(options.store, () => this.schedule())
    this.#room = new DiskRoom(this.#options, () => this.schedule())
  }

  /** Begins to start what waits: of one experiment alone, or of all. */
  start(experimentId: number | null = null): void {
    if (this.#scheduling === 'not yet') this.#scheduling = 'on'
    this.#experimentId = experimentId
    this.schedule()
  }

  /** Whether its experiment is one whose runs are started. */
  concerns({ experimentId }: Run): boolean {
    return this.#experimentId === null || experimentId === this.#experimentId
  }

  get slots(): number {
    return this.#slots
  }

  /** Of more runs than there are slots now, the youngest write a checkpoint and wait again. */
  setSlots(slots: number): void {
    this.#slots = slots
    const staying = [...this.#sessions].filter(([, session]) => !session.isLeaving)
    for (const [runId, session] of staying.sort(([a], [b]) => a - b).slice(slots)) {
      this.#set(runId, { state: 'pausing' }, 'Asked to make room, as fewer runs are to train at once.')
      session.leave('yield', this.#options.leaveGraceMillis)
    }
    this.schedule()
  }

  /** Starts what can be started; to be called when runs were added. */
  schedule(): void {
    for (const run of this.#startable()) {
      if (this.#sessions.size >= this.#slots || !this.#pending.isEmpty) break
      this.#begin(run)
    }
    this.#wakeIdleWaiters()
  }

  pause(runId: number): void {
    const { state } = this.#get(runId)
    if (state === 'paused') return
    // It may be leaving only to make room, and would wait again.
    if (state === 'pausing') {
      this.#sessions.get(runId)?.leave('pause', this.#options.leaveGraceMillis)
      return
    }
    if (state !== 'queued' && state !== 'running') throw conflict(runId, state, 'paused')
    this.#set(runId, { state: state === 'queued' ? 'paused' : 'pausing' })
    this.#sessions.get(runId)?.leave('pause', this.#options.leaveGraceMillis)
    this.#wakeIdleWaiters()
  }

  stop(runId: number): void {
    const { state } = this.#get(runId)
    if (state === 'stopped' || state === 'stopping') return
    const trains = state === 'running' || state === 'pausing'
    if (!trains && state !== 'queued' && state !== 'paused' && state !== 'interrupted') {
      throw conflict(runId, state, 'stopped')
    }
    this.#set(runId, { state: trains ? 'stopping' : 'stopped' })
    this.#sessions.get(runId)?.leave('stop', this.#options.leaveGraceMillis)
    this.#wakeIdleWaiters()
  }

  resume(runId: number): void {
    const { state } = this.#get(runId)
    if (state === 'queued') return
    if (state === 'finished') {
      throw new LabError('CONFLICT', `Run ${runId} has done all its steps. Extend it to train it further.`)
    }
    if (state !== 'paused' && state !== 'stopped' && state !== 'interrupted' && state !== 'failed') {
      throw conflict(runId, state, 'resumed')
    }
    assertContinuable(this.#store, runId)
    if (!this.#room.isEnough)
      throw new LabError(
        'STORAGE',
        `Run ${runId} cannot go on: only ${this.#room.text} are free on the lab’s disk. Make room first.`,
      )
    this.#set(runId, { state: 'queued' })
    this.schedule()
  }

  /** Adds steps to a run in any state; a finished one is queued again, the others go on to the new end when they train. */
  extend(runId: number, steps: number): void {
    const run = this.#get(runId)
    if (run.state === 'finished') assertContinuable(this.#store, runId)
    this.#store.transaction(() => {
      this.#store.runs.updateSpecification(runId, {
        ...run.specification,
        steps: run.specification.steps + steps,
      })
      const at = Date.now()
      const text = `Extended by ${steps} steps, from ${run.specification.steps} to ${run.specification.steps + steps}.`
      this.#store.events.insert(runId, { kind: 'extended', text, at })
      if (run.state === 'finished') this.#store.changeState(runId, { state: 'queued', at })
    })
    this.#options.onRunChange(runId)
    this.schedule()
  }

  /** The run with a state that could not be written yet, and with the pace that only its training knows. */
  overlay(run: Run): Run {
    const pace = run.state === 'running' ? this.#paces.get(run.id)?.range : null
    return this.#pending.overlay(pace ? { ...run, pace } : run)
  }

  /** Resolves when nothing trains and nothing can be started; runs that wait for a pre-training run that does not train count as nothing. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve)
      this.#wakeIdleWaiters()
    })
  }

  /** Lets every worker write a checkpoint and leave; nothing is started any more. */
  async close(): Promise<void> {
    this.#scheduling = 'closed'
    this.#room.close()
    for (const session of this.#sessions.values()) session.leave('close', this.#options.closeGraceMillis)
    await this.whenIdle()
    this.#pending.close()
  }

  #begin(run: Run): void {
    try {
      const message = this.#store.transaction(() => prepareStart(this.#store, run))
      const session = this.#open(run)
      this.#sessions.set(run.id, session)
      session.send(message)
      this.#options.onRunChange(run.id)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#write(run.id, { state: 'interrupted', error: `Run ${run.id} could not be started: ${reason}` })
    }
  }

  #open(run: Run): RunSession {
    const { store, startWorker, onRunChange, onMetrics } = this.#options
    const pace = new Pace()
    this.#paces.set(run.id, pace)
    let lastStep = store.runs.get(run.id)?.step ?? 0
    const keepPace = ({ step, trainedSeconds }: TrainingBatch) => {
      pace.add(step - lastStep, trainedSeconds)
      lastStep = step
    }
    return new RunSession(run.id, startWorker, {
      ready: (provenance) => {
        store.transaction(() => store.runs.updateProvenance(run.id, provenance))
        onRunChange(run.id)
      },
      calibrated: (threshold) => {
        writeThreshold(store, run.id, threshold)
        onRunChange(run.id)
      },
      batch: (batch) => {
        store.applyBatch(run.id, batch)
        keepPace(batch)
        this.#keepToBudget(run.id, batch)
        this.#keepRoom()
        onRunChange(run.id)
      },
      checkpoint: (batch, checkpoint) => {
        store.applyCheckpoint(run.id, batch, checkpoint)
        keepPace(batch)
        this.#keepToBudget(run.id, batch)
        onRunChange(run.id)
      },
      metrics: (points) => onMetrics(run.id, points),
      ending: (ending) => this.#settle(run, ending),
      gone: () => {
        this.#sessions.delete(run.id)
        this.#paces.delete(run.id)
        this.schedule()
      },
    })
  }

  /** Pauses a run with the batch that took its failures past its safety budget; once, as whoever resumes it knows. */
  #keepToBudget(runId: number, { episodes }: TrainingBatch): void {
    const run = this.#store.runs.get(runId)
    const budget = run?.specification.recording.failureBudget ?? null
    if (run === null || budget === null || run.state !== 'running' || run.failures <= budget) return
    const fresh = episodes.filter(({ kind, outcome }) => kind !== 'evaluation' && outcome === 'failure')
    if (run.failures - fresh.length > budget) return
    const text = `Pauses by itself: ${run.failures} failures are more than the safety budget of ${budget}. Resume it to go on regardless.`
    this.#set(runId, { state: 'pausing' }, text)
    this.#sessions.get(runId)?.leave('pause', this.#options.leaveGraceMillis)
  }

  /** Before the disk is full, every run writes a last checkpoint and pauses; whoever made room resumes them. */
  #keepRoom(): void {
    if (this.#room.isEnough) return
    const text = `Pauses by itself: only ${this.#room.text} are free on the lab’s disk. Make room, then resume it.`
    for (const [runId, session] of this.#sessions) {
      if (session.isLeaving || this.#store.runs.get(runId)?.state !== 'running') continue
      this.#set(runId, { state: 'pausing' }, text)
      session.leave('pause', this.#options.leaveGraceMillis)
    }
  }

  #settle(started: Run, ending: Ending): void {
    const { id } = started
    // Extended while it trained: the worker knew only of its first end.
    const longer = (this.#store.runs.get(id)?.specification.steps ?? 0) > started.specification.steps
    const finished = ending.state === 'finished'
    this.#write(id, { ...ending, state: finished && longer ? 'queued' : ending.state })
    if (finished && !longer) dropLargeBuffers(this.#store, id, this.#options.keptResumeBytes)
  }

  #startable(): Run[] {
    if (this.#scheduling !== 'on' || !this.#pending.isEmpty) return []
    if (!this.#room.isEnough) {
      this.#room.lookAgainLater()
      return []
    }
    // A run may be queued again while its last worker is still leaving.
    return this.#store.runs
      .listStartable(this.#slots + this.#sessions.size, this.#experimentId)
      .filter((run) => !this.#sessions.has(run.id))
  }

  #wakeIdleWaiters(): void {
    if (this.#idleWaiters.length === 0 || this.#sessions.size > 0 || this.#startable().length > 0) return
    const waiters = this.#idleWaiters
    this.#idleWaiters = []
    for (const wake of waiters) wake()
  }

  #get(runId: number): Run {
    const run = this.#store.runs.get(runId)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
    return this.overlay(run)
  }

  /** A state that a user asks for: where it cannot be written, the user hears it. */
  #set(runId: number, change: Omit<StateChange, 'at'>, text?: string): void {
    this.#store.changeState(runId, { ...change, at: Date.now() }, text)
    this.#options.onRunChange(runId)
  }

  /** A state that has come about, whether it can be written now or not. */
  #write(runId: number, change: Omit<StateChange, 'at'>): void {
    this.#pending.write(runId, { ...change, at: Date.now() })
    this.#options.onRunChange(runId)
  }
}

function conflict(runId: number, state: RunState, wanted: string): LabError {
  return new LabError('CONFLICT', `Run ${runId} is ${state} and cannot be ${wanted}.`)
}
