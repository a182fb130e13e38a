import { POSE_SIZE } from '../../src-main/contract/index.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { type ActionArrows, toArrows } from './arrows.ts'
import { frameOf } from './clock.ts'
import { mainMovingBody } from './moving-bodies.ts'
import { type Overlays, overlaysOf } from './overlays.ts'
import type { PartLooks } from './parts.ts'
import type { GhostShown } from './scene/ghosts.ts'
import type { Moment } from './scene/replay-scene.ts'
import type { FrameSource } from './source.ts'

export interface MomentOptions {
  hasArrows: boolean
  hasTrail: boolean
  ghosts: readonly GhostShown[]
  looks: PartLooks
  overlays: Overlays
}

/** What there is to be seen of an episode at any position in its frames. */
export interface Moments {
  /** Of the main body, frames x 3. */
  path: Float32Array
  at(position: number, options: MomentOptions): Moment
  arrowsAt(frame: number): ActionArrows | null
}

/**
 * @param judged the episode as a critic judges it.
 * @param epsilonSafe the threshold that tells allowed candidates from masked ones.
 */
export function momentsOf(
  { scene, source, episode }: Pick<OpenReplay, 'scene' | 'source' | 'episode'>,
  judged: FrameSource,
  epsilonSafe: number | null,
): Moments {
  const body = mainMovingBody(scene)
  const path = body === null ? new Float32Array(0) : source.path(body)
  const { lastFrame, movingBodies } = source
  let drawn: { frame: number; arrows: ActionArrows | null } | null = null

  function arrowsAt(frame: number): ActionArrows | null {
    if (scene.actionArrow === null) return null
    if (drawn?.frame !== frame)
      drawn = { frame, arrows: toArrows(judged, frame, scene.actionArrow, epsilonSafe) }
    return drawn.arrows
  }

  return {
    path,
    arrowsAt,
    at(position, { hasArrows, hasTrail, ghosts, looks, overlays }) {
      const poses = new Float32Array(movingBodies * POSE_SIZE)
      source.readPoses(position, poses)
      return {
        poses,
        path,
        position: Math.min(position, lastFrame),
        hasFailed: position >= lastFrame && episode.outcome === 'failure',
        arrows: hasArrows ? arrowsAt(Math.min(frameOf({ position }), lastFrame)) : null,
        hasTrail,
        ghosts,
        looks,
        overlays: overlaysOf(
          scene,
          poses,
          source.forces(Math.min(frameOf({ position }), lastFrame)),
          overlays,
        ),
      }
    },
  }
}
