import { z } from 'zod'
import { environmentName, presetName } from './transfer.ts'

export const labStatus = z.object({
  name: z.string(),
  version: z.string(),
  /** Worker slots: how many runs train at once. */
  slots: z.int().positive(),
  running: z.int().nonnegative(),
  queued: z.int().nonnegative(),
  /** Share of all policy steps of unfinished experiments that is done, 0 to 1; null when nothing trains or waits. */
  progress: z.number().nullable(),
  /** From the fastest to the slowest pace that is to be expected. */
  secondsLeft: z.object({ low: z.number(), high: z.number() }).nullable(),
  databaseBytes: z.int().nonnegative(),
})
export type LabStatus = z.infer<typeof labStatus>

export const presetDescription = z.object({
  environment: environmentName,
  name: presetName,
  pretrainSteps: z.int(),
  finetuneSteps: z.int(),
  help: z.string(),
})
export type PresetDescription = z.infer<typeof presetDescription>
