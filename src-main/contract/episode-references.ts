import { z } from 'zod'
import { episode } from './episodes.ts'
import { id, seed, timestamp } from './numbers.ts'

/**
 * sampled: drawn from the policy. deterministic: the policy's most likely action (its mean); where the mask refuses that, the likeliest of the
 * candidates it allows; where it allows none, the one with the lowest Q_safe.
 */
export const actionChoice = z.enum(['sampled', 'deterministic'])
export type ActionChoice = z.infer<typeof actionChoice>

/** fixed: as the task has it. random: anywhere the agent can stand. */
export const episodeStart = z.enum(['fixed', 'random'])

/** Who acts in a simulated episode, and how. */
export const conditions = z.object({
  /** Whose policy and safety critic act. */
  checkpointId: id,
  /** Whether actions pass the mask. */
  masked: z.boolean(),
  /** Left out: the run's own. */
  epsilonSafe: z.number().min(0).max(1).optional(),
  actions: actionChoice.default('sampled'),
})

/** An episode that is played when it is asked for: the same numbers give the same episode, bit by bit. */
export const freshEpisode = conditions.extend({
  /** The task of another run than the checkpoint's. */
  taskOfRunId: id.optional(),
  start: episodeStart.default('fixed'),
  seed,
})
export type FreshEpisode = z.infer<typeof freshEpisode>

/** What can be replayed: an episode that a run recorded, one that a checkpoint plays anew, or one that came in a file. */
export const episodeReference = z.union([
  z.object({ episodeId: id }),
  z.object({ fresh: freshEpisode }),
  z.object({ keptId: id }),
])
export type EpisodeReference = z.infer<typeof episodeReference>

/** `id` and `index` are null where the episode is not one that a run recorded; `step` is then the checkpoint's. */
export const replayedEpisode = episode
  .omit({ runId: true, hasFrames: true })
  .extend({ id: id.nullable(), index: episode.shape.index.nullable() })
export type ReplayedEpisode = z.infer<typeof replayedEpisode>

/** An episode that came in a file and is kept to be replayed. */
export const keptEpisode = z.object({ id, createdAt: timestamp, name: z.string() })
export type KeptEpisode = z.infer<typeof keptEpisode>
