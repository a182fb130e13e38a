import { z } from 'zod'
import type { StepRecord } from '../algorithms/learner.ts'
import type { EpisodeFrames, EpisodeKind } from '../contract/episodes.ts'
import { outcomeOf } from '../environments/environment.ts'
import type { ArrayBundle, EpisodeRecord } from './messages.ts'
import { withFewCandidates } from './recorded-candidates.ts'
import { recordedFrames } from './recorded-frames.ts'

/** What is kept of one step until its episode ends. */
export interface Frame {
  state: Float64Array
  action: Float32Array
  reward: number
  qSafe: number
  candidates: Float32Array | null
  candidateQSafe: Float32Array | null
  chosen: number
}

const arrayFields = ['state', 'action', 'candidates', 'candidateQSafe'] as const
const savedFrames = z.array(z.object({ reward: z.number(), chosen: z.int() }))

/** An episode that just ended, before the run's counters are put on it. */
export type EndedEpisode = Omit<EpisodeRecord, 'index' | 'step' | 'replacesFramesOf'> & {
  /** Q_safe of each action, for calibration; NaN without a safety critic. */
  qSafe: Float32Array
}

/** Collects the frames of the episode in progress; there is one recorder for each kind of episode. */
export class EpisodeRecorder {
  /** Above it Q_safe warns. */
  epsilonSafe: number
  readonly #kind: EpisodeKind
  #frames: Frame[] = []

  constructor(kind: EpisodeKind, epsilonSafe: number) {
    this.#kind = kind
    this.epsilonSafe = epsilonSafe
  }

  /** Returns the episode if this step ended it. */
  add({ stateBefore, decision, step, environment }: StepRecord): EndedEpisode | null {
    this.#frames.push({ ...withFewCandidates(decision), state: stateBefore, reward: step.reward })
    if (!step.terminated && !step.truncated) return null
    const frames = this.#frames
    this.#frames = []
    const qSafe = Float32Array.from(frames, (frame) => frame.qSafe)
    const finalQSafe = qSafe.at(-1) ?? Number.NaN
    const judged = !Number.isNaN(finalQSafe)
    return {
      kind: this.#kind,
      return: frames.reduce((sum, frame) => sum + frame.reward, 0),
      length: frames.length,
      outcome: outcomeOf(step),
      cause: step.cause,
      finalQSafe: judged ? finalQSafe : null,
      warningLead: judged && step.failure ? warningLead(qSafe, this.epsilonSafe) : null,
      frames: step.failure
        ? recordedFrames(packFrames(frames, environment.snapshot(), qSafe), environment.stateEvery)
        : null,
      qSafe,
    }
  }

  /** The episode in progress, frame by frame. */
  getState(): ArrayBundle {
    const arrays: ArrayBundle['arrays'] = {}
    const frames = this.#frames.map((frame, index) => {
      for (const field of arrayFields) {
        const array = frame[field]
        if (array) arrays[this.#arrayName(index, field)] = array
      }
      return { reward: frame.reward, chosen: frame.chosen }
    })
    const qSafe = Float32Array.from(this.#frames, (frame) => frame.qSafe)
    return {
      values: { [`recorder.${this.#kind}`]: frames },
      arrays: { ...arrays, [`recorder.${this.#kind}.qSafe`]: qSafe },
    }
  }

  setState({ values, arrays }: ArrayBundle): void {
    const qSafe = arrays[`recorder.${this.#kind}.qSafe`]
    const read = <A>(index: number, field: string, kind: new (...numbers: never[]) => A): A | null => {
      const array = arrays[this.#arrayName(index, field)]
      return array instanceof kind ? array : null
    }
    this.#frames = savedFrames.parse(values[`recorder.${this.#kind}`]).map((saved, index) => {
      const state = read(index, 'state', Float64Array)
      const action = read(index, 'action', Float32Array)
      if (!state || !action)
        throw new Error(`A checkpoint misses frame ${index} of its ${this.#kind} episode.`)
      return {
        ...saved,
        state,
        action,
        qSafe: qSafe?.[index] ?? Number.NaN,
        candidates: read(index, 'candidates', Float32Array),
        candidateQSafe: read(index, 'candidateQSafe', Float32Array),
      }
    })
  }

  #arrayName(index: number, field: string): string {
    return `recorder.${this.#kind}.${index}.${field}`
  }
}

/** Frames between the beginning of the last unbroken stretch of Q_safe > epsilonSafe and the failure; 0: no warning. */
export function warningLead(qSafe: Float32Array, epsilonSafe: number): number {
  let lead = 0
  while (lead < qSafe.length && (qSafe[qSafe.length - 1 - lead] ?? 0) > epsilonSafe) lead++
  return lead
}

export function packFrames(
  frames: readonly Frame[],
  finalState: Float64Array,
  qSafe: Float32Array,
): EpisodeFrames {
  // An episode may begin with random actions; candidates are kept where every frame has them.
  const masked = frames.every((frame) => frame.candidates !== null)
  const float32 = (field: 'action' | 'candidates' | 'candidateQSafe') => {
    const width = frames[0]?.[field]?.length ?? 0
    const joined = new Float32Array(frames.length * width)
    for (const [index, frame] of frames.entries()) joined.set(frame[field] ?? [], index * width)
    return joined
  }
  const states = new Float64Array((frames.length + 1) * finalState.length)
  for (const [index, { state }] of frames.entries()) states.set(state, index * finalState.length)
  states.set(finalState, frames.length * finalState.length)
  return {
    states,
    actions: float32('action'),
    rewards: Float64Array.from(frames, (frame) => frame.reward),
    qSafe,
    candidates: masked ? float32('candidates') : new Float32Array(0),
    candidateQSafe: masked ? float32('candidateQSafe') : new Float32Array(0),
    chosen: Int32Array.from(frames, (frame) => (masked ? frame.chosen : -1)),
  }
}
