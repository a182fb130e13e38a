import { z } from 'zod'
import { vector } from '../../src-main/contract/index.ts'

const savedCamera = z.object({
  name: z.string(),
  pose: z.object({ azimuth: z.number(), polar: z.number(), distance: z.number(), target: vector }),
})
export type SavedCamera = z.infer<typeof savedCamera>

const keyOf = (environment: string): string => `cameras ${environment}`

/** The views that were kept for an environment, on this machine. */
export function savedCameras(environment: string): SavedCamera[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(environment)) ?? '[]')
    return z.array(savedCamera).safeParse(stored).data ?? []
  } catch {
    return []
  }
}

export function keepCameras(environment: string, cameras: readonly SavedCamera[]): void {
  localStorage.setItem(keyOf(environment), JSON.stringify(cameras))
}
