import { createUpdateTimer, robotSizes } from '../algorithms/update-rate.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import { loadEagerEngine } from '../engine/eager/eager-engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineProbe } from './doctor.ts'

const MEASURED_SECONDS = 2

/** SAC updates per second on one core: observation 90, action 8, 2 x 256, batch 256. In processor time, as runs may train beside it. */
export async function measureUpdateRate(
  engine: Engine,
  { seconds = MEASURED_SECONDS } = {},
): Promise<number> {
  const timer = await createUpdateTimer(engine, robotSizes)
  return timer(seconds)
}

/** The engines that the doctor tries. */
export const engineProbes: EngineProbe[] = [
  {
    name: compiledEngine.name,
    isOptional: false,
    measureUpdateRate: () => measureUpdateRate(compiledEngine),
  },
  {
    name: 'eager (tfjs-node)',
    isOptional: true,
    measureUpdateRate: async () => {
      const engine = await loadEagerEngine()
      if ('unavailable' in engine) throw new Error(engine.unavailable)
      return measureUpdateRate(engine)
    },
  },
]
