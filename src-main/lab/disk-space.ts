import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError } from './errors.ts'
import type { PlannedRun } from './experiments.ts'

/** Generous for two hidden layers of 256: networks and targets of one checkpoint. */
const CHECKPOINT_BYTES = 2.5 * 2 ** 20
/** Metrics, episodes and failure frames of a run, and its newest replay buffers. */
const RUN_BYTES = 20 * 2 ** 20

/** Never filled by training: room for the checkpoints that runs pause with, and for the user to act. */
export const RESERVED_BYTES = 256 * 2 ** 20

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`

/** Bytes that a plan will roughly add to the lab. */
export function estimateBytes(plan: readonly PlannedRun[]): number {
  return plan.reduce((sum, { specification: { steps, recording } }) => {
    const checkpoints = Math.ceil(steps / recording.checkpointEvery)
    return sum + RUN_BYTES + checkpoints * CHECKPOINT_BYTES
  }, 0)
}

/** @throws LabError `STORAGE` where the disk of the folder, which need not exist yet, has not the room that a plan needs. */
export function checkDiskSpace(
  folder: string,
  plan: readonly PlannedRun[],
  freeBytes: (folder: string) => number = freeBytesOf,
): void {
  const needed = estimateBytes(plan) + RESERVED_BYTES
  const free = freeBytes(nearestFolder(folder))
  if (free >= needed) return
  throw new LabError(
    'STORAGE',
    `This transfer needs about ${gibibytes(needed)}, and ${gibibytes(free)} are free for ${folder}. Free some space or choose another folder.`,
  )
}

export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** The folder itself, or the nearest one above it that exists. */
export function nearestFolder(path: string): string {
  const parent = dirname(path)
  return existsSync(path) || parent === path ? path : nearestFolder(parent)
}
