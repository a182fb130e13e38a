import { z } from 'zod'
import { settingValue } from './setting-values.ts'
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

/** A target task with a name, such as those of the paper: the same as its parameters written out. */
export const targetDescription = z.object({
  environment: environmentName,
  /** As the command line takes it. */
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** What it changes of the pre-training task, as a request has it; whatever the preset's own target changes is named too. */
  targetTask: z.record(z.string(), settingValue),
})
export type TargetDescription = z.infer<typeof targetDescription>
