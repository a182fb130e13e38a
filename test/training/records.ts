import type { StepRecord } from '../../src-main/algorithms/learner.ts'
import type { RunSpecification } from '../../src-main/contract/transfer.ts'
import { createStreams } from '../../src-main/random.ts'
import { Toy, type ToyRules } from '../algorithms/toys.ts'
import { specification } from '../store/fixtures.ts'

const idle: ToyRules = {
  maximumSteps: 1000,
  actionSize: 2,
  move: (position) => ({ position, reward: 0, end: null }),
}
const environment = new Toy(idle, createStreams(0).environment)

export const sqrlRun = (changes: Partial<RunSpecification> = {}): RunSpecification =>
  specification({ settings: { sqrl: { epsilonSafe: 0.1, gammaSafe: 0.5 } }, ...changes })

type End = 'failure' | 'success' | 'timeout' | null

/** One step as an environment and a learner would report it. */
export function record(
  end: End,
  qSafe: number,
  options: { kind?: StepRecord['kind']; reward?: number; candidateQSafe?: readonly number[] } = {},
): StepRecord {
  const { kind = 'training', reward = -1, candidateQSafe } = options
  return {
    kind,
    stateBefore: Float64Array.of(0.1, qSafe, 1, 2, 3, 4),
    decision: {
      action: Float32Array.of(qSafe, -qSafe),
      qSafe: Math.fround(qSafe),
      candidates: candidateQSafe ? Float32Array.from(candidateQSafe.flatMap((risk) => [risk, -risk])) : null,
      candidateQSafe: candidateQSafe ? Float32Array.from(candidateQSafe) : null,
      chosen: candidateQSafe ? candidateQSafe.indexOf(qSafe) : -1,
    },
    step: {
      observation: Float32Array.of(0, 0),
      reward,
      failure: end === 'failure',
      terminated: end === 'failure' || end === 'success',
      truncated: end === 'timeout',
      cause: end === 'failure' ? 'slipped' : null,
    },
    environment,
  }
}

/** An episode with these Q_safe, one per step. */
export const episode = (
  end: Exclude<End, null>,
  qSafe: readonly number[],
  options: Parameters<typeof record>[2] = {},
): StepRecord[] => qSafe.map((risk, index) => record(index === qSafe.length - 1 ? end : null, risk, options))
