import { z } from 'zod'
import type { Run } from '../../src-main/contract/index.ts'

const maskSettings = z.object({ sqrl: z.object({ epsilonSafe: z.number() }) })

/** The threshold of a run's safety critic, whether its actions were masked or not; null: it has no safety critic. */
export function epsilonOf({ specification }: Pick<Run, 'specification'>): number | null {
  return maskSettings.safeParse(specification.settings).data?.sqrl.epsilonSafe ?? null
}
