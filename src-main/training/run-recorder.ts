import { z } from 'zod'
import type { LearnerObserver, StepRecord } from '../algorithms/learner.ts'
import { mergeBundles } from '../algorithms/state.ts'
import type { MetricPoint } from '../contract/metrics.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import { createStreams, type Random } from '../random.ts'
import { CalibrationWindow } from './calibration-window.ts'
import { type EndedEpisode, EpisodeRecorder } from './episode-recorder.ts'
import type { ArrayBundle, EpisodeRecord } from './messages.ts'

/** Policy episodes over which returns, lengths and window rates are averaged. */
const EPISODE_WINDOW = 100

const savedValues = z.object({
  counters: z.object({
    episodeIndex: z.int(),
    environmentSteps: z.int(),
    episodes: z.int(),
    failures: z.int(),
    failuresSeen: z.int(),
  }),
  keptFailures: z.array(z.int()),
  recent: z.array(z.object({ return: z.number(), length: z.int(), outcome: z.string() })),
  recentAll: z.array(z.boolean()),
  sums: z.record(z.string(), z.tuple([z.number(), z.int()])),
  reservoir: z.array(z.int()).length(4),
})
type SavedValues = z.infer<typeof savedValues>

/**
 * Listens to a learner and turns what it does into episodes, failure frames and metric points. Its own state goes into every checkpoint,
 * so that a resumed run records what an unbroken one would have.
 */
export class RunRecorder implements LearnerObserver {
  readonly #specification: RunSpecification
  #epsilonSafe: number
  readonly #recorders: Record<'training' | 'rollout', EpisodeRecorder>
  readonly #calibration: CalibrationWindow | null
  readonly #reservoir: Random
  #values: Omit<SavedValues, 'reservoir'> = {
    counters: { episodeIndex: 0, environmentSteps: 0, episodes: 0, failures: 0, failuresSeen: 0 },
    keptFailures: [],
    recent: [],
    recentAll: [],
    sums: {},
  }
  #ended: EpisodeRecord[] = []
  /** Policy updates since the last metric point. */
  #updates = 0
  #step: () => number

  /** @param step policy steps of the learner, read when an episode ends. */
  constructor(specification: RunSpecification, step: () => number) {
    const safety = safetySettings.parse(specification.settings.sqrl ?? null)
    this.#specification = specification
    this.#step = step
    this.#epsilonSafe = safety?.epsilonSafe ?? 1
    this.#calibration = safety ? new CalibrationWindow(safety.gammaSafe) : null
    this.#recorders = {
      training: new EpisodeRecorder('training', this.#epsilonSafe),
      rollout: new EpisodeRecorder('rollout', this.#epsilonSafe),
    }
    this.#reservoir = createStreams(specification.seed).recording
  }

  /** The threshold that was measured instead of the one in the specification; before the first step. */
  useThreshold(epsilonSafe: number): void {
    this.#epsilonSafe = epsilonSafe
    for (const recorder of Object.values(this.#recorders)) recorder.epsilonSafe = epsilonSafe
  }

  get environmentSteps(): number {
    return this.#values.counters.environmentSteps
  }

  get episodeIndex(): number {
    return this.#values.counters.episodeIndex
  }

  /** Mean return of the last policy episodes. */
  get recentReturn(): number | null {
    const { recent } = this.#values
    return recent.length === 0 ? null : mean(recent.map((episode) => episode.return))
  }

  onUpdate(values: Readonly<Record<string, number>>): void {
    if ('policyLoss' in values || 'kl' in values) this.#updates++ // by a gradient step, or by one within a trust region
    for (const [name, value] of Object.entries(values)) this.#accumulate(name, value)
  }

  onStep(record: StepRecord): void {
    if (record.kind === 'evaluation') return
    this.#values.counters.environmentSteps++
    this.#recordMask(record)
    if (record.kind === 'training')
      for (const [name, value] of Object.entries(record.step.info ?? {})) this.#accumulate(name, value)
    const episode = this.#recorders[record.kind].add(record)
    if (episode) this.#endEpisode(episode)
  }

  /** Episodes since the last call. */
  takeEpisodes(): EpisodeRecord[] {
    return this.#ended.splice(0)
  }

  /** Policy updates since the last call. */
  takeUpdateCount(): number {
    const count = this.#updates
    this.#updates = 0
    return count
  }

  /** Averages since the last point, and the standing of the run. Figures that were not measured are left out. */
  takeMetrics(step: number): MetricPoint {
    const { counters, recent, recentAll, sums } = this.#values
    const standing = {
      return: this.recentReturn,
      episodeLength: recent.length === 0 ? null : mean(recent.map(({ length }) => length)),
      successRate:
        recent.length === 0 ? null : mean(recent.map(({ outcome }) => (outcome === 'success' ? 1 : 0))),
      failureRateWindow: recentAll.length === 0 ? null : mean(recentAll.map((failed) => (failed ? 1 : 0))),
      failureRate: counters.episodes === 0 ? null : counters.failures / counters.episodes,
      cumulativeFailures: counters.failures,
      ...this.#calibration?.measure(),
    }
    const averages = Object.entries(sums).map(([name, [sum, count]]) => [name, sum / count] as const)
    this.#values.sums = {}
    const values = [...averages, ...Object.entries(standing)].filter(
      (entry): entry is [string, number] => entry[1] !== null && Number.isFinite(entry[1]),
    )
    return { step, values: Object.fromEntries(values) }
  }

  getState(): ArrayBundle {
    return mergeBundles(
      this.#recorders.training.getState(),
      this.#recorders.rollout.getState(),
      this.#calibration?.getState() ?? { values: {}, arrays: {} },
      {
        values: { recorder: structuredClone({ ...this.#values, reservoir: this.#reservoir.getState() }) },
        arrays: {},
      },
    )
  }

  setState(state: ArrayBundle): void {
    const { reservoir, ...values } = savedValues.parse(state.values.recorder)
    this.#values = values
    this.#reservoir.setState(reservoir)
    this.#recorders.training.setState(state)
    this.#recorders.rollout.setState(state)
    this.#calibration?.setState(state)
  }

  #accumulate(name: string, value: number): void {
    if (Number.isNaN(value)) return
    const [sum, count] = this.#values.sums[name] ?? [0, 0]
    this.#values.sums[name] = [sum + value, count + 1]
  }

  #recordMask({ kind, decision }: StepRecord): void {
    if (kind === 'training') this.#accumulate('chosenQSafe', decision.qSafe)
    const { candidateQSafe } = decision
    if (!candidateQSafe) return
    const safe = candidateQSafe.reduce((count, qSafe) => count + (qSafe <= this.#epsilonSafe ? 1 : 0), 0)
    this.#accumulate('maskAcceptance', safe / candidateQSafe.length)
    this.#accumulate('noSafeCandidate', safe === 0 ? 1 : 0)
  }

  #endEpisode({ qSafe, frames, ...episode }: EndedEpisode): void {
    const { counters, recent, recentAll } = this.#values
    const failed = episode.outcome === 'failure'
    counters.episodes++
    if (failed) counters.failures++
    pushLimited(recentAll, failed)
    if (episode.kind === 'training')
      pushLimited(recent, { return: episode.return, length: episode.length, outcome: episode.outcome })
    // Rollouts feed the safety critic in pre-training; in fine-tuning the policy's own episodes are the on-policy ones.
    const judged = this.#specification.phase === 'pretrain' ? 'rollout' : 'training'
    if (episode.kind === judged) this.#calibration?.addEpisode(qSafe, failed)
    const index = counters.episodeIndex++
    const slot = frames ? this.#chooseReservoirSlot(index) : null
    this.#ended.push({
      ...episode,
      index,
      step: this.#step(),
      frames: slot ? frames : null,
      replacesFramesOf: slot?.replaces ?? null,
    })
  }

  /** Whether a new failure keeps its frames, and whose place it takes (reservoir sampling); null: it does not. */
  #chooseReservoirSlot(index: number): { replaces: number | null } | null {
    const { failureFramesLimit } = this.#specification.recording
    if (failureFramesLimit === null) return { replaces: null }
    const { keptFailures, counters } = this.#values
    counters.failuresSeen++
    if (keptFailures.length < failureFramesLimit) {
      keptFailures.push(index)
      return { replaces: null }
    }
    const slot = this.#reservoir.integer(counters.failuresSeen)
    const replaces = keptFailures[slot]
    if (replaces === undefined) return null
    keptFailures[slot] = index
    return { replaces }
  }
}

const safetySettings = z.object({ epsilonSafe: z.number(), gammaSafe: z.number() }).nullable()

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function pushLimited<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > EPISODE_WINDOW) list.shift()
}
