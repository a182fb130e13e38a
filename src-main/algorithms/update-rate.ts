import type { Engine } from '../engine/engine.ts'
import { createStreams } from '../random.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import { Sac } from './sac.ts'
import { sacSettings } from './sac-settings.ts'

/** What a SAC update works on. */
export interface UpdateSizes {
  observationSize: number
  actionSize: number
  batchSize: number
  hiddenSizes: number[]
}

/** A Minitaur-like robot with its history of observations, at SAC's usual sizes: 690 to 710 MFLOP an update. */
export const robotSizes: UpdateSizes = {
  observationSize: 90,
  actionSize: 8,
  batchSize: 256,
  hiddenSizes: [256, 256],
}

/** DrunkSpider. */
export const spiderSizes: UpdateSizes = {
  observationSize: 2,
  actionSize: 2,
  batchSize: 64,
  hiddenSizes: [256, 256],
}

const TRANSITIONS = 1000
const WARM_UP_UPDATES = 10

/** Runs updates for about so many seconds; resolves with how many there were in a second of processor time. */
export type UpdateTimer = (seconds: number) => Promise<number>

/**
 * Repeats `work` for about so many seconds and returns how often it ran in a second of this process's processor time: the rate that one core
 * of its own would give. Time on the wall would also measure what else the machine is doing, such as training.
 */
export async function measureRate(work: () => Promise<unknown>, seconds: number): Promise<number> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  let count = 0
  do {
    await work()
    count++
  } while (performance.now() - startedAt < seconds * 1000)
  const { user, system } = process.cpuUsage(before)
  return (count * 1e6) / (user + system)
}

/** Whole SAC updates, as training makes them, on transitions of random numbers: sampling, noise, both programs, optimisers, targets. */
export async function createUpdateTimer(engine: Engine, sizes: UpdateSizes): Promise<UpdateTimer> {
  const { observationSize, actionSize, batchSize, hiddenSizes } = sizes
  const streams = createStreams(0)
  const sac = await Sac.create({
    engine,
    observationSize,
    actionSize,
    settings: sacSettings.parse({ batchSize, hiddenSizes }),
    weights: streams.weights,
    risk: null,
  })
  const buffer = new ReplayBuffer(TRANSITIONS, observationSize, actionSize)
  for (let i = 0; i < TRANSITIONS; i++) {
    const observation = new Float32Array(observationSize)
    const nextObservation = new Float32Array(observationSize)
    const action = new Float32Array(actionSize)
    for (const array of [observation, nextObservation, action]) streams.environment.fillNormal(array)
    buffer.add({
      observation,
      action: action.map(Math.tanh),
      reward: streams.environment.normal(),
      nextObservation,
      terminated: false,
      truncated: false,
      failure: false,
    })
  }
  const update = () => sac.update(buffer, streams.batches, streams.updates)
  for (let i = 0; i < WARM_UP_UPDATES; i++) await update()
  return (seconds) => measureRate(update, seconds)
}
