import type { Run } from '../../contract/runs.ts'
import type { ArrayBundle } from '../../training/messages.ts'
import type { checkpointCases } from '../checkpoints.ts'

/** Episodes of each final policy that a figure is drawn from. */
export const EPISODES = 40

export type Checkpoints = Pick<ReturnType<typeof checkpointCases>, 'list' | 'bundle'>
export type Played<T> = (run: Run) => Promise<T[]>

/** What is played with a run's last checkpoint, once while the lab is open; nothing of a run that kept none. */
export function playedOnce<T>(
  checkpoints: Checkpoints,
  play: (run: Run, networks: ArrayBundle) => Promise<T[]>,
): Played<T> {
  const known = new Map<string, Promise<T[]>>()
  return (run) => {
    const checkpoint = checkpoints.list(run.id).at(-1)
    if (!checkpoint) return Promise.resolve([])
    const key = JSON.stringify([run.id, checkpoint.id, checkpoint.createdAt])
    const playing = known.get(key) ?? play(run, checkpoints.bundle(checkpoint.id))
    known.set(key, playing)
    playing.catch(() => known.delete(key))
    return playing
  }
}
