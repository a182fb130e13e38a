import { z } from 'zod'
import type { MeasuredThreshold } from '../algorithms/threshold.ts'
import type { Store } from '../store/store.ts'

const settingsSchema = z.object({ sqrl: z.record(z.string(), z.json()) })

/** From now on the run's settings name the threshold that it trains with, and its log says where that comes from. */
export function writeThreshold(store: Store, runId: number, threshold: MeasuredThreshold): void {
  const { epsilonSafe, episodes, harmlessActions, failures, failuresForeseen } = threshold
  const specification = store.runs.get(runId)?.specification
  if (!specification) return
  const { sqrl } = settingsSchema.parse(specification.settings)
  const text = `ε_safe was set to ${Number(epsilonSafe.toPrecision(3))} on ${harmlessActions} harmless actions of ${episodes} fresh pre-training episodes; it would have warned of ${Math.round(100 * failuresForeseen)} % of their ${failures} failures.`
  store.transaction(() => {
    store.runs.updateSpecification(runId, {
      ...specification,
      settings: { ...specification.settings, sqrl: { ...sqrl, epsilonSafe } },
    })
    store.events.insert(runId, { kind: 'calibrated', text, at: Date.now() })
  })
}
