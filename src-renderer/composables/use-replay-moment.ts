import { computed, type Ref, shallowRef, watch } from 'vue'
import { POSE_SIZE } from '../../src-main/contract/index.ts'
import { toArrows } from '../replay/arrows.ts'
import { type ClockState, frameOf } from '../replay/clock.ts'
import { type Ghost, positionOf } from '../replay/ghosts.ts'
import { mainMovingBody } from '../replay/moving-bodies.ts'
import type { Moment } from '../replay/scene/replay-scene.ts'
import type { FrameSource } from '../replay/source.ts'
import { summarize } from '../replay/summary.ts'
import type { OpenReplay } from '../stores/replay.ts'

interface Shown {
  replay: () => OpenReplay | null
  /** The episode as it is judged at the moment. */
  source: () => FrameSource | null
  clock: Readonly<Ref<ClockState>>
  epsilonSafe: () => number | null
  hasArrows: () => boolean
  hasTrail: () => boolean
  ghosts: () => readonly Ghost[]
}

/** What the scene shows at the clock's position, as a picture and in words. */
export function useReplayMoment({ replay, source, clock, epsilonSafe, hasArrows, hasTrail, ghosts }: Shown) {
  /** Ghosts may go on when the episode itself has ended. */
  const frame = computed(() => Math.min(frameOf(clock.value), replay()?.source.lastFrame ?? 0))
  const body = computed(() => {
    const opened = replay()
    return opened === null ? null : mainMovingBody(opened.scene)
  })
  const path = computed(() => {
    const [opened, index] = [replay(), body.value]
    return opened === null || index === null ? new Float32Array(0) : opened.source.path(index)
  })
  function arrowsAt(at: number) {
    const [opened, judged] = [replay(), source()]
    if (opened === null || judged === null || opened.scene.actionArrow === null || !hasArrows()) return null
    return toArrows(judged, at, opened.scene.actionArrow, epsilonSafe())
  }
  const arrows = computed(() => arrowsAt(frame.value))
  const ghostPaths = computed(() => ghosts().map(({ source: of }) => of.path(body.value ?? 0)))

  /** What there is to be seen at any position of the clock. */
  function momentAt(position: number): Moment | null {
    const opened = replay()
    if (opened === null) return null
    const { lastFrame, movingBodies } = opened.source
    const at = Math.min(frameOf({ position }), lastFrame)
    const poses = new Float32Array(movingBodies * POSE_SIZE)
    opened.source.readPoses(position, poses)
    return {
      poses,
      path: path.value,
      position: Math.min(position, lastFrame),
      hasFailed: position >= lastFrame && opened.episode.outcome === 'failure',
      arrows: at === frame.value ? arrows.value : arrowsAt(at),
      hasTrail: hasTrail(),
      ghosts: ghosts().map((ghost, index) => {
        const ghostPoses = new Float32Array(ghost.source.movingBodies * POSE_SIZE)
        ghost.source.readPoses(positionOf(ghost, position), ghostPoses)
        return { poses: ghostPoses, path: ghostPaths.value[index] ?? path.value, outcome: ghost.outcome }
      }),
    }
  }
  const moment = computed(() => momentAt(clock.value.position))

  /** Words do not follow a film; they are there when it stands. */
  const summary = shallowRef('')
  watch(
    [replay, source, frame, arrows, () => clock.value.isPlaying],
    ([opened, judged, now, shownArrows, isPlaying]) => {
      if (opened === null || judged === null || isPlaying || now > judged.lastFrame) return
      const { scene, episode } = opened
      summary.value = summarize({
        scene,
        source: judged,
        frame: now,
        outcome: episode.outcome,
        cause: episode.cause,
        epsilonSafe: epsilonSafe(),
        place: [...path.value.subarray(now * 3, now * 3 + 3)],
        arrows: shownArrows,
      })
    },
    { immediate: true },
  )
  return { moment, momentAt, summary }
}
