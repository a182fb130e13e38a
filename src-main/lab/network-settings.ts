import { z } from 'zod'

const schema = z.object({
  hiddenSizes: z.array(z.int()),
  discount: z.number(),
  /** Factor on the rewards that the networks learn from. */
  rewardScale: z.number().default(1),
})

export interface NetworkSettings extends z.infer<typeof schema> {
  /** Their group among the run's settings. */
  group: string
}

/** What shapes a run's networks and what they value: each method has one group of settings that says so. */
export function findNetworkSettings(settings: Readonly<Record<string, unknown>>): NetworkSettings | null {
  for (const [group, values] of Object.entries(settings)) {
    const parsed = schema.safeParse(values)
    if (parsed.success) return { group, ...parsed.data }
  }
  return null
}

/** @throws TypeError where the settings say nothing of networks. */
export function networkSettingsOf(settings: Readonly<Record<string, unknown>>): NetworkSettings {
  const found = findNetworkSettings(settings)
  if (found === null) throw new TypeError('The settings of a run say nothing of its networks.')
  return found
}
