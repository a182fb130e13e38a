import { createHash } from 'node:crypto'
import type { Learner, LearnerOptions, Method, StepRecord } from '../../src-main/algorithms/learner.ts'
import type { StateBundle } from '../../src-main/algorithms/state.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createStreams } from '../../src-main/random.ts'
import { Toy, type ToyRules } from './toys.ts'

export interface Started {
  learner: Learner
  /** Every step the learner took, and the figures of every update. */
  steps: StepRecord[]
  updates: Readonly<Record<string, number>>[]
  advanceTo(step: number): Promise<void>
}

/** A learner on a toy, as a worker would make it. */
export async function startLearner(
  method: Method,
  rules: ToyRules,
  options: Pick<LearnerOptions, 'settings' | 'phase' | 'steps'> & { seed?: number },
): Promise<Started> {
  const { seed = 0, ...rest } = options
  const streams = createStreams(seed, rest.phase === 'finetune' ? 1 : 0)
  const steps: StepRecord[] = []
  const updates: Readonly<Record<string, number>>[] = []
  const learner = await method.create({
    engine: compiledEngine,
    streams,
    environment: new Toy(rules, streams.environment),
    rolloutEnvironment: new Toy(rules, streams.rolloutEnvironment),
    observer: { onStep: (record) => steps.push(record), onUpdate: (values) => updates.push(values) },
    ...rest,
  })
  return {
    learner,
    steps,
    updates,
    async advanceTo(step) {
      while (learner.step < step) await learner.advance()
    },
  }
}

/** A bundle to the last bit: values as JSON, arrays by their bytes. */
export function fingerprint({ values, arrays }: StateBundle): Record<string, string> {
  const entries = Object.entries(arrays).map(([name, array]): [string, string] => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    return [name, `${array.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`]
  })
  return Object.fromEntries([
    ...entries,
    ...Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]),
  ])
}
