import { ReplayBuffer } from '../algorithms/replay-buffer.ts'
import { Sac, sacSettings } from '../algorithms/sac.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { createStreams } from '../random.ts'
import type { EngineProbe } from './doctor.ts'

/** Sizes at which engines are compared: one SAC update of a robot's networks. */
const OBSERVATION_SIZE = 90
const ACTION_SIZE = 8
const WARM_UP_UPDATES = 20
const MEASURED_MILLIS = 2000

/** SAC updates per second on one core: observation 90, action 8, 2 x 256, batch 256. */
export async function measureUpdateRate(engine: Engine): Promise<number> {
  const { weights, environment, batches, updates } = createStreams(0)
  const sac = await Sac.create({
    engine,
    observationSize: OBSERVATION_SIZE,
    actionSize: ACTION_SIZE,
    settings: sacSettings.parse({}),
    weights,
    risk: null,
  })
  const buffer = new ReplayBuffer(1000, OBSERVATION_SIZE, ACTION_SIZE)
  for (let index = 0; index < buffer.capacity; index++) {
    const observation = new Float32Array(OBSERVATION_SIZE)
    const action = new Float32Array(ACTION_SIZE)
    environment.fillNormal(observation)
    environment.fillNormal(action)
    buffer.add({
      observation,
      action,
      reward: environment.normal(),
      nextObservation: observation,
      failure: false,
      terminated: false,
    })
  }
  for (let update = 0; update < WARM_UP_UPDATES; update++) await sac.update(buffer, batches, updates)
  const start = performance.now()
  let count = 0
  while (performance.now() - start < MEASURED_MILLIS) {
    await sac.update(buffer, batches, updates)
    count++
  }
  return (count * 1000) / (performance.now() - start)
}

/** The engines that the doctor tries. */
export const engineProbes: EngineProbe[] = [
  {
    name: compiledEngine.name,
    isOptional: false,
    measureUpdateRate: () => measureUpdateRate(compiledEngine),
  },
]
